import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { expect, test } from "vitest";
import { createStore } from "./create-store.ts";
import { defineCollection } from "./define-collection.ts";
import { openSqliteEngine } from "./sqlite/open-sqlite.ts";
import { makeTemporaryDirectory } from "./temporary-directory.fixture.ts";

const Letter = z.object({
  id: z.string(),
  writerId: z.string(),
  reference: z.string(),
  text: z.string(),
  postscript: z.optional(z.string()),
});

const letters = defineCollection({
  name: "letters",
  version: 1,
  record: Letter,
  indexes: { byReference: { fields: ["reference"], unique: true }, byWriter: { fields: ["writerId"] } },
  sealed: { owner: "writerId", fields: ["text", "postscript"], words: { text: "owner" } },
});

const letter = (id: string, writerId: string, text: string) => ({ id, writerId, reference: `r-${id}`, text });

async function openLetters(dataDir = ":memory:") {
  const engine = await openSqliteEngine({ dataDir });
  const store = await createStore(engine, Buffer.alloc(32, 9));
  return { engine, store, collection: await store.collection(letters) };
}

/** All bytes of a store's files, as one text. */
function readFiles(dataDir: string): string {
  return readdirSync(dataDir)
    .map((file) => readFileSync(join(dataDir, file), "latin1"))
    .join("\n");
}

test("what is sealed is in no file, neither while the store is open nor after", async () => {
  const dataDir = makeTemporaryDirectory();
  const { store, collection } = await openLetters(dataDir);
  await collection.insert(letter("l1", "ann", "Rosebud lay in the drawer"));
  await collection.patch("l1", { set: { postscript: "burn this tomorrow" } });
  expect(readFiles(dataDir)).toContain("r-l1");
  for (const secret of ["Rosebud", "rosebud", "drawer", "tomorrow"]) {
    expect(readFiles(dataDir)).not.toContain(secret);
  }
  await store.close();
  expect(readFiles(dataDir)).toContain("r-l1");
  for (const secret of ["Rosebud", "rosebud", "drawer", "tomorrow"]) {
    expect(readFiles(dataDir)).not.toContain(secret);
  }
});

test("a shredded user's key is in no file any more, and their records read as gone", async () => {
  const dataDir = makeTemporaryDirectory();
  const { engine, store, collection } = await openLetters(dataDir);
  await collection.insertMany([letter("l1", "ann", "hello"), letter("l2", "bob", "hi")]);
  const dataKeys = await engine.collection({ name: "dataKeys", indexes: [], kinds: {} });
  const wrapped = String((await dataKeys.get("ann"))?.["wrapped"]);
  expect(readFiles(dataDir)).toContain(wrapped);

  await store.shredUser("ann");
  expect(readFiles(dataDir)).not.toContain(wrapped);
  expect(await collection.get("l1")).toBeNull();
  expect(await collection.patch("l1", { set: { reference: "moved" } })).toBeNull();
  const page = await collection.find({ index: "byReference" }, { limit: 10 });
  expect(page.items.map(({ id }) => id)).toEqual(["l2"]);
  await store.close();

  const again = await openLetters(dataDir);
  expect(await again.collection.get("l1")).toBeNull();
  await again.store.close();
});

test("a read under way while its user is shredded does not bring the key back", async () => {
  const { engine, store, collection } = await openLetters();
  await collection.insert(letter("l1", "ann", "hello"));
  // A second store over the same engine has no keys in memory yet.
  const other = await createStore(engine, Buffer.alloc(32, 9));
  const otherLetters = await other.collection(letters);
  const reading = otherLetters.get("l1");
  await other.shredUser("ann");
  await reading;
  expect(await otherLetters.get("l1")).toBeNull();
  await store.close();
});

test("what a shredded user's owner id writes later does not make the old readable", async () => {
  const { store, collection } = await openLetters();
  await collection.insert(letter("l1", "ann", "old"));
  await store.shredUser("ann");
  await collection.insert(letter("l2", "ann", "new"));
  expect(await collection.get("l1")).toBeNull();
  expect(await collection.get("l2")).toEqual(letter("l2", "ann", "new"));
  await store.close();
});

test("an envelope moved to another record is refused", async () => {
  const { engine, store, collection } = await openLetters();
  await collection.insertMany([letter("l1", "ann", "yes"), letter("l2", "ann", "no")]);
  const raw = await engine.collection({ name: "letters", indexes: [], kinds: {} });
  const [first, second] = await raw.getMany(["l1", "l2"]);
  await raw.replace({ ...first, id: first?.id ?? "", text: second?.["text"] });
  await expect(collection.get(first?.id ?? "")).rejects.toMatchObject({ name: "StoreCorruptError" });
  await store.close();
});

test("upserts that set sealed fields keep one record under racing writers", async () => {
  const { store, collection } = await openLetters();
  const texts = Array.from({ length: 20 }, (_, n) => `text ${n}`);
  const results = await Promise.all(
    texts.map((text, n) =>
      collection.upsert(
        "byReference",
        { ...letter(`l${n}`, "ann", text), reference: "one" },
        { set: { text } },
      ),
    ),
  );
  expect(new Set(results.map(({ id }) => id)).size).toBe(1);
  expect(await collection.count({ index: "byReference" })).toBe(1);
  expect(texts).toContain((await collection.getBy("byReference", { reference: "one" }))?.text);
  await store.close();
});

test("neither a claim nor a condition nor a sum may touch what is sealed", async () => {
  const { store, collection } = await openLetters();
  const refused = { name: "InvalidRecordError" };
  await expect(collection.claim({ index: "byReference" }, { set: { text: "x" } })).rejects.toMatchObject(
    refused,
  );
  await expect(collection.patch("l1", { set: { reference: "x" } }, { text: "x" })).rejects.toMatchObject(
    refused,
  );
  await expect(collection.sum({ index: "byReference" }, ["text"], [])).rejects.toMatchObject(refused);
  await expect(collection.patch("l1", { set: { writerId: "bob" } })).rejects.toMatchObject(refused);
  await store.close();
});
