import { type ConnectOptions, createConnection } from "mongoose";
import type { Engine } from "../engine.ts";
import { IncompatibleStoreError, StoreUnavailableError } from "../errors.ts";
import { createModel } from "./create-model.ts";
import { openMongoCollection, type Run } from "./open-mongo-collection.ts";
import { toConnectError } from "./to-connect-error.ts";
import { toStoreError } from "./to-store-error.ts";

interface MongoEngineOptions {
  /** A MongoDB connection string; the database it names (or "parley") is used. */
  readonly uri: string;
  readonly log: {
    info(fields: object, message: string): void;
    warn(fields: object, message: string): void;
  };
}

/** How long an operation waits; a connection string may set its own. */
const PATIENCE = {
  /** Until a server is found, at start and after it was lost. */
  serverSelectionTimeoutMS: 5_000,
  connectTimeoutMS: 5_000,
  /** Until a server that fell silent counts as lost. */
  socketTimeoutMS: 20_000,
  waitQueueTimeoutMS: 10_000,
  heartbeatFrequencyMS: 5_000,
} as const;

/** What the store's promises rest on; a connection string cannot change it. */
const REQUIRED: ConnectOptions = {
  writeConcern: { w: "majority", journal: true },
  readPreference: "primary",
  readConcern: { level: "local" },
  ignoreUndefined: true,
  autoIndex: false,
  autoCreate: false,
  bufferCommands: false,
};

const NAMESPACE_EXISTS = 48;
const DUPLICATE_KEY = 11_000;
const CHECK = "storeCheck";

/**
 * Opens MongoDB as an engine of the store. Every write is acknowledged by a majority and journalled. A server lost
 * later makes operations fail with StoreUnavailableError in bounded time; they work again once it is back.
 * @throws StoreUnavailableError within about five seconds when no server answers; it never quotes the credentials
 */
export async function openMongoEngine({ uri, log }: MongoEngineOptions): Promise<Engine> {
  const connection = createConnection();
  try {
    await connection.openUri(uri, { ...unlessInUri(uri), ...REQUIRED, dbName: databaseOf(uri) });
  } catch (error) {
    await connection.close(true).catch(() => undefined);
    throw toConnectError(error, uri);
  }
  connection.on("disconnected", () => {
    if (!closing) log.warn({}, "MongoDB is out of reach");
  });
  connection.on("connected", () => log.info({}, "MongoDB is back"));

  const pending = new Set<Promise<unknown>>();
  let closing: Promise<void> | undefined;

  const run: Run = async (collection, operation) => {
    if (closing) throw new StoreUnavailableError("the store is closed", { retryable: false });
    const running = operation();
    pending.add(running);
    try {
      return await running;
    } catch (error) {
      throw toStoreError(error, collection);
    } finally {
      pending.delete(running);
    }
  };

  const createCollection = async (name: string): Promise<void> => {
    const [existing] = await connection.db!.listCollections({ name }).toArray();
    if (!existing) {
      await connection.createCollection(name).catch((error: { code?: unknown }) => {
        if (error.code !== NAMESPACE_EXISTS) throw error;
      });
    } else if (existing.type !== "collection" || ("options" in existing && existing.options?.["collation"])) {
      throw new IncompatibleStoreError(
        `${name} is a view or has a collation of its own, so it cannot be used`,
      );
    }
  };

  return {
    name: "mongodb",

    async collection(declaration) {
      await run(declaration.name, () => createCollection(declaration.name));
      return openMongoCollection(createModel(connection, declaration), declaration, run);
    },

    check: () =>
      run(CHECK, async () => {
        const marks = connection.db!.collection<{ _id: string; writes: number }>(CHECK);
        try {
          await marks.updateOne({ _id: CHECK }, { $inc: { writes: 1 } }, { upsert: true });
        } catch (error) {
          // Two first checks at once: the other one has just shown that writing works.
          if ((error as { code?: unknown }).code !== DUPLICATE_KEY) throw error;
        }
      }),

    close() {
      closing ??= Promise.allSettled(pending).then(() => connection.close(true));
      return closing;
    },
  };
}

/** Our patience, but for what the connection string says itself. */
function unlessInUri(uri: string): Partial<typeof PATIENCE> {
  const query = uri.split("?")[1]?.toLowerCase() ?? "";
  const ours = Object.entries(PATIENCE).filter(([name]) => !query.includes(`${name.toLowerCase()}=`));
  return Object.fromEntries(ours);
}

function databaseOf(uri: string): string {
  const path = /^[^:]+:\/\/[^/]+\/([^?]*)/.exec(uri)?.[1] ?? "";
  return path === "" ? "parley" : decodeURIComponent(path);
}
