import { randomUUID } from "node:crypto";
import { createConnection } from "mongoose";
import { describe } from "vitest";
import { createStore } from "../create-store.ts";
import { openMongoEngine } from "../mongo/open-mongo-engine.ts";
import type { FreshStore } from "./harness.ts";
import { storeContract } from "./store-contract.ts";

const uri = process.env["PARLEY_TEST_MONGODB_URI"];

if (uri === undefined) {
  console.info("Skipped on MongoDB: PARLEY_TEST_MONGODB_URI names no server (.ci/secantus.sh starts one).");
}
describe.skipIf(uri === undefined)("with the server of PARLEY_TEST_MONGODB_URI", () => {
  storeContract("mongodb", () => openFreshStore(uri as string), { count: 60, steps: 30 });
});

/** A database of its own on the test server, dropped afterwards. */
async function openFreshStore(server: string): Promise<FreshStore> {
  const database = `parley_contract_${randomUUID().slice(0, 8)}`;
  const log = { info: () => undefined, warn: () => undefined };
  const engine = await openMongoEngine({ uri: withDatabase(server, database), log });
  const store = await createStore(engine, Buffer.alloc(32, 7));
  return {
    store,
    engine,
    async readRaw(name) {
      return await withOwnConnection(server, database, (db) => db.collection(name).find().toArray());
    },
    async close() {
      await store.close();
      await withOwnConnection(server, database, (db) => db.dropDatabase());
    },
  };
}

type Database = NonNullable<ReturnType<typeof createConnection>["db"]>;

async function withOwnConnection<T>(
  server: string,
  database: string,
  use: (db: Database) => Promise<T>,
): Promise<T> {
  const connection = await createConnection(withDatabase(server, database)).asPromise();
  try {
    return await use(connection.db as Database);
  } finally {
    await connection.close();
  }
}

function withDatabase(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}
