import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const made: string[] = [];

/** A new empty folder that is removed when the runner ends. */
export function makeScratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "parley-bench-"));
  made.push(folder);
  return folder;
}

process.once("exit", () => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});
