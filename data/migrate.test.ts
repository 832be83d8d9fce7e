import * as z from "zod";
import { expect, test } from "vitest";
import type { CollectionDeclaration, Store, StoredRecord } from "./collection.ts";
import { createStore } from "./create-store.ts";
import { defineCollection } from "./define-collection.ts";
import type { Engine } from "./engine.ts";
import { openSqliteEngine } from "./sqlite/open-sqlite.ts";

const CatV1 = z.object({ id: z.string(), owner: z.string(), name: z.string() });
const CatV2 = z.object({ ...CatV1.shape, lives: z.number() });
const CatV3 = z.object({ ...CatV2.shape, nick: z.string() });

const catsV1 = defineCollection({
  name: "cats",
  version: 1,
  record: CatV1,
  indexes: { byOwner: { fields: ["owner"] } },
});
const toV2 = (old: Record<string, unknown>) => ({ ...old, lives: 9 });
const catsV2 = defineCollection({
  name: "cats",
  version: 2,
  migrations: { 1: toV2 },
  record: CatV2,
  indexes: { byLives: { fields: ["lives"] } },
});
const catsV3 = defineCollection({
  name: "cats",
  version: 3,
  migrations: { 1: toV2, 2: (old) => ({ ...old, nick: String(old["name"]).slice(0, 3) }) },
  record: CatV3,
  indexes: { byLives: { fields: ["lives"] } },
  sealed: { owner: "owner", fields: ["name"], words: { name: "owner" } },
});

const cat = (n: number) => ({ id: `c${n}`, owner: `o${n % 5}`, name: `Felix the ${n}th` });

/** Opens stores over one engine one after the other, as a program started again would. */
async function restartable() {
  const engine = await openSqliteEngine({ dataDir: ":memory:" });
  const lasting: Engine = { ...engine, close: async () => {} };
  const start = async (): Promise<Store> => await createStore(lasting, Buffer.alloc(32, 1));
  const open = async <R extends StoredRecord, I extends string>(declaration: CollectionDeclaration<R, I>) => {
    return await (await start()).collection(declaration);
  };
  return { engine, open };
}

test("records of any older version come up to the newest before they are read", async () => {
  const { open } = await restartable();
  const cats = Array.from({ length: 450 }, (_, n) => cat(n));
  await (await open(catsV1)).insertMany(cats);
  const newest = await open(catsV3);
  expect(await newest.get("c449")).toEqual({ ...cat(449), lives: 9, nick: "Fel" });
  expect(await newest.count({ index: "byLives", equals: { lives: 9 } })).toBe(450);
});

test("a field sealed only by a later version is ciphertext from then on, and found by its words", async () => {
  const { open, engine } = await restartable();
  await (await open(catsV1)).insert(cat(7));
  const newest = await open(catsV3);
  const page = await newest.searchWords("name", "felix", { ownerId: "o2", limit: 5 });
  expect(page.items.map(({ id }) => id)).toEqual(["c7"]);
  const raw = await engine.collection({ name: "cats", indexes: [], kinds: {} });
  expect(JSON.stringify(await raw.get("c7"))).not.toContain("Felix");
});

test("a migration that was cut short goes on where it stopped, and changes no record twice", async () => {
  const { open, engine } = await restartable();
  await (await open(catsV1)).insertMany([cat(1), cat(2)]);
  const raw = await engine.collection({ name: "cats", indexes: [], kinds: {} });
  // As a crash would leave it: one record is of version 2, and has been used since.
  await raw.replace({ ...cat(1), lives: 3, _v: 2 });
  const cats = await open(catsV2);
  expect(await cats.get("c1")).toEqual({ ...cat(1), lives: 3 });
  expect(await cats.get("c2")).toEqual({ ...cat(2), lives: 9 });
});

test("a collection of a newer version is refused and left alone", async () => {
  const { open } = await restartable();
  await (await open(catsV2)).insert({ ...cat(1), lives: 4 });
  await expect(open(catsV1)).rejects.toMatchObject({
    name: "IncompatibleStoreError",
    message: "cats in the store has version 2, this program knows version 1: run the newer program",
  });
  expect(await (await open(catsV2)).get("c1")).toEqual({ ...cat(1), lives: 4 });
});

test("a migration that gives unfit records stops the start, and can be mended", async () => {
  const { open } = await restartable();
  await (await open(catsV1)).insert(cat(1));
  const bad = { ...catsV2, migrations: { 1: (old: Record<string, unknown>) => ({ ...old, lives: "nine" }) } };
  await expect(open(bad)).rejects.toMatchObject({
    name: "IncompatibleStoreError",
    message: "a record of cats cannot be brought to version 2",
  });
  expect(await (await open(catsV2)).get("c1")).toEqual({ ...cat(1), lives: 9 });
});

test("a new collection starts at its newest version", async () => {
  const { open } = await restartable();
  const never = () => {
    throw new Error("there is nothing to migrate");
  };
  const fresh = await open({ ...catsV2, migrations: { 1: never } });
  await fresh.insert({ ...cat(1), lives: 2 });
  const again = await open({ ...catsV2, migrations: { 1: never } });
  expect(await again.get("c1")).toEqual({ ...cat(1), lives: 2 });
});
