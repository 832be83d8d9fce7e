import type { DatabaseSync } from "node:sqlite";
import { StoreUnavailableError } from "../errors.ts";
import { isDatabaseError, toStoreError } from "./to-store-error.ts";

/** Collects writes and commits them together. */
export interface GroupCommit {
  /**
   * Runs the write inside the next transaction; settles once that is on disk. `run` may throw as long as it has
   * changed nothing by then; that fails this write alone. An error of the database fails the whole group.
   */
  write<T>(run: () => T): Promise<T>;
  /** Commits what waits, and refuses everything later. */
  close(): void;
}

interface Waiting {
  readonly run: () => unknown;
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

/** Writes wait this long for company. */
const WINDOW_MS = 1;
/** A group stops growing here, so that a flood of writes does not hold up the event loop. */
const MOST_MS = 8;

/**
 * Group commit: one fsync for all writes that arrive within about a millisecond. Writes run only while the event loop
 * is inside the transaction, so reads in between never see anything that is not committed. `nowMs` measures their work.
 */
export function createGroupCommit(db: DatabaseSync, nowMs = () => performance.now()): GroupCommit {
  let queue: Waiting[] = [];
  let scheduled = false;
  let closed = false;
  const begin = db.prepare("BEGIN IMMEDIATE");
  const commit = db.prepare("COMMIT");

  const schedule = () => {
    if (scheduled) return;
    scheduled = true;
    setTimeout(flush, WINDOW_MS);
  };
  const flush = () => {
    scheduled = false;
    if (queue.length === 0) return;
    const settle: (() => void)[] = [];
    let taken = 0;
    try {
      begin.run();
      const startedAtMs = nowMs();
      for (const { run, resolve, reject } of queue) {
        taken++;
        try {
          const value = run() as never;
          settle.push(() => resolve(value));
        } catch (error) {
          if (isDatabaseError(error)) throw error;
          settle.push(() => reject(error));
        }
        if (nowMs() - startedAtMs > MOST_MS) break;
      }
      commit.run();
    } catch (cause) {
      const error = toStoreError(cause);
      settle.length = 0;
      const failed = taken > 0 ? queue.slice(0, taken) : queue;
      for (const { reject } of failed) settle.push(() => reject(error));
      rollBack(db);
    }
    queue = queue.slice(settle.length);
    for (const each of settle) each();
    if (queue.length > 0 && !closed) schedule();
  };

  return {
    async write<T>(run: () => T) {
      if (closed) throw new StoreUnavailableError("the store is closed", { retryable: false });
      return await new Promise<T>((resolve, reject) => {
        queue.push({ run, resolve, reject });
        schedule();
      });
    },
    close() {
      closed = true;
      while (queue.length > 0) flush();
    },
  };
}

function rollBack(db: DatabaseSync): void {
  try {
    // SQLite has rolled back by itself after some errors.
    if (db.isTransaction) db.exec("ROLLBACK");
  } catch {
    // The next BEGIN reports what is wrong with the database.
  }
}
