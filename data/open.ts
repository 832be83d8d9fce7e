import type { Store } from "./collection.ts";
import { createStore } from "./create-store.ts";

export interface StoreOptions {
  /** Use this MongoDB instead of the embedded file. */
  readonly mongoUri?: string | undefined;
  /** Where the embedded store lies; ":memory:" for one that is gone when it is closed. */
  readonly dataDir: string;
  /** At least 32 bytes; a store opens only with the key it was made with. */
  readonly dataKey: Buffer;
  readonly log?: StoreLog;
}

/** Told when a database server is lost and found again. */
interface StoreLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

const SILENT: StoreLog = { info: () => {}, warn: () => {} };

/**
 * Opens the store: MongoDB when it is named, else the embedded file.
 * @throws StoreLockedError, StoreCorruptError, StoreUnavailableError, WrongKeyError, IncompatibleStoreError
 */
export async function openStore({ mongoUri, dataDir, dataKey, log = SILENT }: StoreOptions): Promise<Store> {
  // The engine not in use is not loaded: Mongoose alone takes longer than the rest of the start.
  if (mongoUri !== undefined) {
    const { openMongoEngine } = await import("./mongo/open-mongo-engine.ts");
    return await createStore(await openMongoEngine({ uri: mongoUri, log }), dataKey);
  }
  const { openSqliteEngine } = await import("./sqlite/open-sqlite.ts");
  return await createStore(await openSqliteEngine({ dataDir }), dataKey);
}
