import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Collection, Store } from "../collection.ts";
import { createStore } from "../create-store.ts";
import { StoreUnavailableError } from "../errors.ts";
import { openMongoEngine } from "../mongo/open-mongo-engine.ts";
import { IMPATIENT, openProxy, type Proxy } from "./open-proxy.ts";
import { items, type Item, tallies } from "./sample-collections.ts";
import { item } from "./sample-records.ts";

const uri = process.env["PARLEY_TEST_MONGODB_URI"];

describe.skipIf(uri === undefined)("MongoDB lost and found (needs PARLEY_TEST_MONGODB_URI)", () => {
  let proxy: Proxy;
  let store: Store;
  let collection: Collection<Item, keyof typeof items.indexes>;
  let logged: string[];

  beforeEach(async () => {
    const { hostname, port } = new URL(uri as string);
    proxy = await openProxy({ host: hostname, port: Number(port) });
    logged = [];
    const note = (_: object, message: string) => void logged.push(message);
    const engine = await openMongoEngine({
      uri: `mongodb://127.0.0.1:${proxy.port}/parley_outage_${randomUUID().slice(0, 8)}?${IMPATIENT}`,
      log: { info: note, warn: note },
    });
    store = await createStore(engine, Buffer.alloc(32, 7));
    collection = await store.collection(items);
    await collection.insert(item("kept"));
  });

  afterEach(async () => {
    await proxy.restore();
    await backAgain();
    await collection.deleteWhere({ index: "bySlug" });
    await store.close();
    await proxy.close();
  });

  /** The same store, without being opened again. */
  async function backAgain(): Promise<void> {
    await expect
      .poll(async () => await collection.get("kept").catch(() => undefined), { timeout: 15_000 })
      .not.toBe(undefined);
  }

  const operations: [string, () => Promise<unknown>][] = [
    ["get", () => collection.get("kept")],
    ["getMany", () => collection.getMany(["kept"])],
    ["find", () => collection.find({ index: "bySlug" }, { limit: 1 })],
    ["count", () => collection.count({ index: "bySlug" })],
    ["sum", () => collection.sum({ index: "bySlug" }, ["group"], ["count"])],
    ["insert", () => collection.insert(item("a"))],
    ["insertMany", () => collection.insertMany([item("b"), item("c")])],
    ["patch", () => collection.patch("kept", { set: { rank: 1 } })],
    ["upsert", () => collection.upsert("bySlug", item("d"), { set: { rank: 1 } })],
    ["claim", () => collection.claim({ index: "openByRank" }, { set: { open: false } })],
    ["delete", () => collection.delete("nobody")],
    ["deleteWhere", () => collection.deleteWhere({ index: "byTag", equals: { tags: "t" } })],
    ["check", () => store.check()],
  ];

  const failures = async () =>
    await Promise.all(
      operations.map(async ([name, run]) => [name, await run().catch((error: unknown) => error)]),
    );
  const unavailable = expect.objectContaining({
    name: "StoreUnavailableError",
    message: "MongoDB cannot be reached now",
    retryable: true,
  }) as unknown;

  test("8.1 every operation fails in bounded time while the server is away, and works again without restart", async () => {
    await proxy.cut();
    const expected = operations.map(([name]) => [name, unavailable]);
    expect(await failures()).toStrictEqual(expected);
    // Not only those under way when it went, also those begun later.
    expect(await failures()).toStrictEqual(expected);
    await proxy.restore();
    await backAgain();
    const [first] = (await failures()).filter(([, result]) => result instanceof Error);
    expect(first).toBeUndefined();
    await expect.poll(() => logged).toStrictEqual(["MongoDB is out of reach", "MongoDB is back"]);
  });

  test("8.2 a server that falls silent counts as lost", async () => {
    proxy.silence();
    await expect(collection.get("kept")).rejects.toBeInstanceOf(StoreUnavailableError);
    await expect(collection.insert(item("a"))).rejects.toBeInstanceOf(StoreUnavailableError);
    await proxy.restore();
    await backAgain();
    expect((await collection.get("kept"))?.id).toBe("kept");
  });

  test("8.3 what was acknowledged before the server went is there afterwards", async () => {
    const acknowledged: string[] = [];
    const writers = Array.from({ length: 8 }, async (_, writer) => {
      for (let n = 0; ; n++) {
        const id = `w${writer}n${n}`;
        try {
          await collection.insert(item(id));
        } catch (error) {
          return error;
        }
        acknowledged.push(id);
        if (acknowledged.length === 100) await proxy.cut();
      }
    });
    for (const error of await Promise.all(writers)) expect(error).toBeInstanceOf(StoreUnavailableError);
    await proxy.restore();
    await backAgain();
    const found = await collection.getMany(acknowledged);
    expect(found.map((record) => record.id)).toStrictEqual(acknowledged);
  });

  test("8.5 a collection that could not be opened while the server was away can be opened later", async () => {
    await proxy.cut();
    await expect(store.collection(tallies)).rejects.toBeInstanceOf(StoreUnavailableError);
    await proxy.restore();
    await backAgain();
    const opened = await store.collection(tallies);
    expect(await opened.count({ index: "byMonth" })).toBe(0);
  });

  test("8.4 a store can be closed while the server is away", async () => {
    await proxy.cut();
    const late = collection.get("kept");
    await Promise.all([expect(late).rejects.toBeInstanceOf(StoreUnavailableError), store.close()]);
    await expect(collection.get("kept")).rejects.toMatchObject({ retryable: false });
    // For the next step of the common clean-up.
    const engine = await reopen();
    store = await createStore(engine, Buffer.alloc(32, 7));
    collection = await store.collection(items);
  });

  async function reopen() {
    await proxy.restore();
    return await openMongoEngine({
      uri: `mongodb://127.0.0.1:${proxy.port}/parley_outage_reopened?${IMPATIENT}`,
      log: { info: () => undefined, warn: () => undefined },
    });
  }
});
