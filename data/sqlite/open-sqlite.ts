import { statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Engine } from "../engine.ts";
import { StoreCorruptError, StoreFullError, StoreUnavailableError } from "../errors.ts";
import { createGroupCommit } from "./group-commit.ts";
import { holdLock } from "./hold-lock.ts";
import { type Connection, openTable } from "./open-table.ts";
import { createPrivateDirectory, createPrivateFile } from "./private-files.ts";
import { createStatements } from "./statements.ts";
import { toStoreError } from "./to-store-error.ts";

export interface SqliteOptions {
  /** Where `store.db` and its lock lie; ":memory:" for a store that is gone when it is closed. */
  readonly dataDir: string;
}

/** A file up to this size is checked as a whole before it is used; that takes well under a second. */
const CHECKED_BYTES = 64 * 1024 * 1024;
const CACHE_KIB = 32 * 1024;
/**
 * The log is copied into the file at this many pages (16 MB). Four times SQLite's own number: a page written again and
 * again is then copied less often, and the event loop stands still for 30 ms at most, once in thousands of writes.
 */
const CHECKPOINT_PAGES = 4000;
/** For the moments when someone looks into the file with another program; the event loop stands still meanwhile. */
const BUSY_MS = 200;

/**
 * The embedded engine: one SQLite file with a write-ahead log, one process that owns it, every write on disk before it
 * is acknowledged.
 * @throws StoreLockedError, StoreCorruptError, StoreReadOnlyError, StoreFullError, StoreUnavailableError
 */
export async function openSqliteEngine({ dataDir }: SqliteOptions): Promise<Engine> {
  if (dataDir === ":memory:") return toEngine(openDatabase(":memory:"), () => {});
  const path = join(dataDir, "store.db");
  const release = prepareFiles(dataDir, path);
  try {
    return toEngine(openDatabase(path), release);
  } catch (error) {
    release();
    throw toStoreError(error);
  }
}

function prepareFiles(directory: string, path: string): () => void {
  try {
    createPrivateDirectory(directory);
    const release = holdLock(directory);
    createPrivateFile(path);
    return release;
  } catch (cause) {
    const { code, syscall } = cause as NodeJS.ErrnoException;
    if (code === undefined || syscall === undefined) throw cause;
    if (code === "ENOSPC") throw new StoreFullError({ cause });
    const message = `the store's directory ${directory} cannot be used (${code})`;
    throw new StoreUnavailableError(message, { cause, retryable: false });
  }
}

function openDatabase(path: string): DatabaseSync {
  const db = new DatabaseSync(path, { timeout: BUSY_MS });
  try {
    db.exec("PRAGMA journal_mode = WAL");
    db.exec("PRAGMA synchronous = FULL");
    db.exec(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    // So that a shredded key does not stay readable in pages no longer used.
    db.exec("PRAGMA secure_delete = ON");
    db.exec(`PRAGMA cache_size = -${CACHE_KIB}`);
    if (path !== ":memory:" && statSync(path).size <= CHECKED_BYTES) checkWhole(db);
    db.exec("CREATE TABLE IF NOT EXISTS heartbeat (id INTEGER PRIMARY KEY, beats INTEGER NOT NULL)");
    db.exec("INSERT OR IGNORE INTO heartbeat VALUES (1, 0)");
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function checkWhole(db: DatabaseSync): void {
  const verdict = db.prepare("PRAGMA quick_check(1)").get()?.["quick_check"];
  if (verdict !== "ok") throw new StoreCorruptError(`the store's file is damaged: ${String(verdict)}`);
}

function toEngine(db: DatabaseSync, release: () => void): Engine {
  const group = createGroupCommit(db);
  const connection: Connection = { db, prepare: createStatements(db), group };
  return {
    name: "sqlite",
    collection: async (declaration) => await openTable(connection, declaration),
    check: async () => await group.write(() => db.exec("UPDATE heartbeat SET beats = beats + 1")),
    async scrub() {
      try {
        // Deleted pages are overwritten already; what the log still holds of them goes with it.
        db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
      } catch (error) {
        throw toStoreError(error);
      }
    },
    async close() {
      if (!db.isOpen) return;
      group.close();
      db.close();
      release();
    },
  };
}
