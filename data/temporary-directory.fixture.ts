import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A new directory that is gone when the test is. */
export function makeTemporaryDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), "parley-store-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}
