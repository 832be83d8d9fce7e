import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { StoreLockedError } from "../errors.ts";
import { createPrivateFile } from "./private-files.ts";
import { isBusy, toStoreError } from "./to-store-error.ts";

/**
 * Takes the directory's store for this process and returns the release. The lock is SQLite's own exclusive one on an
 * otherwise unused file: the operating system drops it however the process ends, and no reused pid can fake it.
 * @throws StoreLockedError naming the holder
 */
export function holdLock(directory: string): () => void {
  const path = join(directory, "store.lock");
  const pidPath = join(directory, "store.pid");
  createPrivateFile(path);
  const lock = new DatabaseSync(path, { timeout: 0 });
  try {
    lock.exec("PRAGMA journal_mode = MEMORY");
    lock.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    lock.close();
    throw isBusy(error) ? new StoreLockedError(directory, readPid(pidPath)) : toStoreError(error);
  }
  createPrivateFile(pidPath);
  writeFileSync(pidPath, `${process.pid}\n`);
  return () => lock.close();
}

function readPid(path: string): number | null {
  try {
    const pid = Number(readFileSync(path, "utf8"));
    return Number.isInteger(pid) && pid > 0 ? pid : null;
  } catch {
    return null;
  }
}
