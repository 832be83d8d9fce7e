import { describe, expect, test } from "vitest";
import { DuplicateKeyError, InvalidRecordError } from "../errors.ts";
import type { FreshStore } from "./harness.ts";
import { items, tallies, type Item } from "./sample-collections.ts";
import { item, tally } from "./sample-records.ts";

/** Rules 1.x: what insert and insertMany promise. */
export function insertRules(fresh: () => FreshStore): void {
  const openItems = () => fresh().store.collection(items);
  const openTallies = () => fresh().store.collection(tallies);

  describe("insert", () => {
    test("1.1 a record comes back as it went in", async () => {
      const collection = await openItems();
      const record = item("a", { email: "a@example.org", tags: ["x", "y"], log: [1, 2] });
      await collection.insert(record);
      expect(await collection.get("a")).toStrictEqual(record);
    });

    test.each<[string, Partial<Item>]>([
      ["empty text, list and object", { note: "", tags: [], log: [], extra: {} }],
      ["nested empties and nulls", { extra: { a: {}, b: [], c: null, d: [{}, [], null] } }],
      ["keys that look like operators or paths", { extra: { $set: 1, "a.b": { "$c.d": [2] }, "0": 0 } }],
      ["text outside the basic plane", { note: "dragon 🐉, naïve, ﬀ, 𝔘, e\u0301" }],
      ["control characters", { note: "a\tb\nc\u0001d" }],
      ["large and small numbers", { count: Number.MAX_SAFE_INTEGER, rank: -1.5e-7 }],
      ["numbers beyond 2^53 and fractions", { count: 2 ** 60, rank: 0.1 + 0.2 }],
    ])("1.2 nothing is changed on the way: %s", async (_, fields) => {
      const collection = await openItems();
      const record = item("a", fields);
      await collection.insert(record);
      expect(await collection.get("a")).toStrictEqual(record);
      const [listed] = (await collection.find({ index: "bySlug" }, { limit: 1 })).items;
      expect(listed).toStrictEqual(record);
    });

    test("1.3 a taken id is refused and the first record stays", async () => {
      const collection = await openItems();
      await collection.insert(item("a", { count: 1 }));
      const second = collection.insert(item("a", { slug: "other", count: 2 }));
      await expect(second).rejects.toBeInstanceOf(DuplicateKeyError);
      expect((await collection.get("a"))?.count).toBe(1);
    });

    test("1.4 a taken unique key is refused and the error names the index", async () => {
      const collection = await openItems();
      await collection.insert(item("a", { slug: "same" }));
      const second = collection.insert(item("b", { slug: "same" }));
      await expect(second).rejects.toMatchObject({ name: "DuplicateKeyError", index: "bySlug" });
      expect(await collection.get("b")).toBeNull();
    });

    test("1.5 a compound key is taken only when all its fields are equal", async () => {
      const collection = await openTallies();
      await collection.insert(tally("a", { userId: "u", month: "2026-01" }));
      await collection.insert(tally("b", { userId: "u", month: "2026-02" }));
      await collection.insert(tally("c", { userId: "v", month: "2026-01" }));
      const fourth = collection.insert(tally("d", { userId: "u", month: "2026-01" }));
      await expect(fourth).rejects.toMatchObject({ index: "byUserMonth" });
    });

    test("1.6 a sparse unique key is unique among those who have it", async () => {
      const collection = await openItems();
      await collection.insert(item("a"));
      await collection.insert(item("b"));
      await collection.insert(item("c", { email: "c@example.org" }));
      const fourth = collection.insert(item("d", { email: "c@example.org" }));
      await expect(fourth).rejects.toMatchObject({ index: "byEmail" });
    });

    test("1.7 a record that breaks its schema is refused and nothing is written", async () => {
      const collection = await openItems();
      const wrong = { ...item("a"), rank: "first" } as unknown as Item;
      await expect(collection.insert(wrong)).rejects.toBeInstanceOf(InvalidRecordError);
      const { rank: _, ...lacking } = item("b");
      await expect(collection.insert(lacking as Item)).rejects.toBeInstanceOf(InvalidRecordError);
      expect(await collection.count({ index: "bySlug" })).toBe(0);
    });

    test("1.8 what the caller does to a record afterwards changes nothing stored", async () => {
      const collection = await openItems();
      const record = item("a", { tags: ["x"] });
      await collection.insert(record);
      record.tags.push("y");
      const read = await collection.get("a");
      read!.tags.push("z");
      expect((await collection.get("a"))?.tags).toStrictEqual(["x"]);
    });
  });

  describe("insertMany", () => {
    test("1.10 records that break a unique key are named and the others are inserted", async () => {
      const collection = await openItems();
      await collection.insertMany([item("a"), item("b", { slug: "taken" })]);
      const result = await collection.insertMany([
        item("a", { slug: "new-slug", count: 9 }),
        item("c", { slug: "taken" }),
        item("d"),
        item("e", { slug: "d" }),
        item("f"),
      ]);
      expect(result).toStrictEqual({ inserted: 2, duplicates: ["a", "c", "e"] });
      const found = await collection.find({ index: "bySlug" }, { limit: 10 });
      expect(found.items.map((record) => record.id)).toStrictEqual(["a", "d", "f", "b"]);
      expect((await collection.get("a"))?.count).toBe(0);
    });

    test("1.11 no records are no error", async () => {
      const collection = await openItems();
      expect(await collection.insertMany([])).toStrictEqual({ inserted: 0, duplicates: [] });
    });

    test("1.12 inserting the same batch twice changes nothing", async () => {
      const collection = await openTallies();
      const batch = Array.from({ length: 250 }, (_, n) => tally(`t${n}`, { userId: `u${n}` }));
      expect(await collection.insertMany(batch)).toStrictEqual({ inserted: 250, duplicates: [] });
      const again = await collection.insertMany(batch);
      expect(again).toStrictEqual({ inserted: 0, duplicates: batch.map((record) => record.id) });
      expect(await collection.count({ index: "byUserMonth" })).toBe(250);
    });

    test("1.13 one record of the wrong shape refuses the batch before anything is written", async () => {
      const collection = await openItems();
      const wrong = { ...item("b"), open: "yes" } as unknown as Item;
      await expect(collection.insertMany([item("a"), wrong])).rejects.toBeInstanceOf(InvalidRecordError);
      expect(await collection.get("a")).toBeNull();
    });
  });
}
