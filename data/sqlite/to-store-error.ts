import { StoreCorruptError, StoreFullError, StoreReadOnlyError, StoreUnavailableError } from "../errors.ts";

/** Primary result codes of SQLite (https://www.sqlite.org/rescode.html). */
const SQLITE_ERROR = 1;
const SQLITE_BUSY = 5;
const SQLITE_READONLY = 8;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_CONSTRAINT = 19;
const SQLITE_NOTADB = 26;
/** The log's index cannot grow, which only a full disk brings about. An extended code. */
const SQLITE_IOERR_SHMSIZE = 4874;

/** The store's error for what `node:sqlite` threw; anything else comes back as it is. */
export function toStoreError(error: unknown): unknown {
  if (error instanceof Error && "code" in error && error.code === "ERR_INVALID_STATE") {
    return new StoreUnavailableError("the store is closed", { cause: error, retryable: false });
  }
  if (toCode(error) === SQLITE_IOERR_SHMSIZE) return new StoreFullError({ cause: error });
  const code = toPrimaryCode(error);
  switch (code) {
    case null:
    // A mistake in our SQL, which no caller can mend.
    case SQLITE_ERROR:
      return error;
    case SQLITE_CORRUPT:
      return new StoreCorruptError("the store's file is damaged", { cause: error });
    case SQLITE_NOTADB:
      return new StoreCorruptError("the store's file is not a database", { cause: error });
    case SQLITE_FULL:
      return new StoreFullError({ cause: error });
    case SQLITE_READONLY:
      return new StoreReadOnlyError({ cause: error });
    default:
      return new StoreUnavailableError(`the store's file cannot be used now (SQLite code ${toCode(error)})`, {
        cause: error,
        retryable: true,
      });
  }
}

/** Whether SQLite itself reported it. */
export function isDatabaseError(error: unknown): boolean {
  return toPrimaryCode(error) !== null;
}

/** Whether someone else holds the file. */
export function isBusy(error: unknown): boolean {
  return toPrimaryCode(error) === SQLITE_BUSY;
}

/** The columns of a broken unique key, as SQLite's message lists them ("table.a, table.b"); null for other errors. */
export function readBrokenKey(error: unknown): string | null {
  if (toPrimaryCode(error) !== SQLITE_CONSTRAINT) return null;
  return /^UNIQUE constraint failed: (.+)$/.exec((error as Error).message)?.[1] ?? null;
}

function toPrimaryCode(error: unknown): number | null {
  const code = toCode(error);
  return code === null ? null : code & 0xff;
}

function toCode(error: unknown): number | null {
  const code = error instanceof Error && "errcode" in error ? error.errcode : null;
  return typeof code === "number" ? code : null;
}
