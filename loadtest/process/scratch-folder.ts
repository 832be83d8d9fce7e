import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A new empty folder that is removed when the runner ends. */
export function makeScratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "parley-bench-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
