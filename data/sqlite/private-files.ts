import { chmodSync, closeSync, mkdirSync, openSync } from "node:fs";

/** Makes the directory, with its parents, for this user alone; an existing one keeps its mode. */
export function createPrivateDirectory(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
}

/** Makes the file when it is missing, and in any case takes it from everyone but this user. */
export function createPrivateFile(path: string): void {
  closeSync(openSync(path, "a", 0o600));
  chmodSync(path, 0o600);
}
