import { describe, expect, test } from "vitest";
import type { Query } from "../collection.ts";
import { InvalidCursorError } from "../errors.ts";
import type { FreshStore } from "./harness.ts";
import { items, type Item } from "./sample-collections.ts";
import { item } from "./sample-records.ts";

type ItemIndex = keyof typeof items.indexes;

/** Rules 2.1 to 2.14: reading by key and by query: order, bounds, pages, sparse, partial and multikey indexes. */
export function readRules(fresh: () => FreshStore): void {
  const open = () => fresh().store.collection(items);
  const openWith = async (...records: Item[]) => {
    const collection = await open();
    await collection.insertMany(records);
    return collection;
  };
  const idsOf = async (collection: Awaited<ReturnType<typeof open>>, query: Query<Item, ItemIndex>) =>
    (await collection.find(query, { limit: 100 })).items.map((record) => record.id);

  describe("by key", () => {
    test("2.1 get gives the record or null", async () => {
      const collection = await openWith(item("a"));
      expect((await collection.get("a"))?.id).toBe("a");
      expect(await collection.get("b")).toBeNull();
    });

    test("2.2 getMany gives the records that exist, in the order asked for", async () => {
      const collection = await openWith(item("a"), item("b"), item("c"));
      const found = await collection.getMany(["c", "nobody", "a"]);
      expect(found.map((record) => record.id)).toStrictEqual(["c", "a"]);
      expect(await collection.getMany([])).toStrictEqual([]);
    });

    test("2.3 getBy finds by a unique key, sparse ones included", async () => {
      const collection = await openWith(item("a", { slug: "s", email: "e" }), item("b"));
      expect((await collection.getBy("bySlug", { slug: "s" }))?.id).toBe("a");
      expect((await collection.getBy("byEmail", { email: "e" }))?.id).toBe("a");
      expect(await collection.getBy("byEmail", { email: "none" })).toBeNull();
    });
  });

  describe("find", () => {
    const ranked = () =>
      openWith(
        item("d", { rank: 2 }),
        item("b", { rank: 1 }),
        item("c", { rank: 1 }),
        item("a", { rank: 3 }),
        item("z", { group: "other", rank: 2 }),
      );

    test("2.4 results come by the index's remaining fields, then by id", async () => {
      const collection = await ranked();
      expect(await idsOf(collection, { index: "byGroup", equals: { group: "g" } })).toStrictEqual([
        "b",
        "c",
        "d",
        "a",
      ]);
      expect(await idsOf(collection, { index: "byGroup" })).toStrictEqual(["b", "c", "d", "a", "z"]);
      const exact = { index: "byGroup", equals: { group: "g", rank: 1 } } as const;
      expect(await idsOf(collection, exact)).toStrictEqual(["b", "c"]);
    });

    test("2.5 reverse is exactly the other way round", async () => {
      const collection = await ranked();
      const query = { index: "byGroup", equals: { group: "g" }, reverse: true } as const;
      expect(await idsOf(collection, query)).toStrictEqual(["a", "d", "c", "b"]);
    });

    test.each([
      [{ gt: 1 }, ["d", "a"]],
      [{ gte: 1 }, ["b", "c", "d", "a"]],
      [{ lt: 2 }, ["b", "c"]],
      [{ lte: 2 }, ["b", "c", "d"]],
      [{ gte: 1, lt: 3 }, ["b", "c", "d"]],
      [{ gt: 1, lt: 2 }, []],
    ])("2.6 a range bounds the field after the prefix: %o", async (range, expected) => {
      const collection = await ranked();
      const query = { index: "byGroup", equals: { group: "g" }, range } as const;
      expect(await idsOf(collection, query)).toStrictEqual(expected);
      expect(await collection.count(query)).toBe(expected.length);
    });

    test("2.7 text is ordered by code point, case before accents, astral last", async () => {
      const slugs = ["b", "B", "a", "é", "z", "\uff5e", "😀", "aa", "", "a b"];
      const collection = await openWith(...slugs.map((slug, n) => item(`i${n}`, { slug })));
      const found = await collection.find({ index: "bySlug" }, { limit: 20 });
      const expected = ["", "B", "a", "a b", "aa", "b", "z", "é", "\uff5e", "😀"];
      expect(found.items.map((record) => record.slug)).toStrictEqual(expected);
      const upper = await collection.find({ index: "bySlug", range: { gt: "z" } }, { limit: 20 });
      expect(upper.items.map((record) => record.slug)).toStrictEqual(["é", "\uff5e", "😀"]);
    });

    test("2.8 pages follow each other without gap or double, also among equal keys", async () => {
      const records = Array.from({ length: 23 }, (_, n) => item(`i${n}`, { rank: n % 3 }));
      const collection = await openWith(...records);
      for (const reverse of [false, true]) {
        const query = { index: "byGroup", equals: { group: "g" }, reverse } as const;
        const all = await idsOf(collection, query);
        expect(new Set(all).size).toBe(23);
        for (const limit of [1, 5, 22, 23, 24]) {
          const seen: string[] = [];
          let after: string | undefined;
          do {
            const page = await collection.find(query, after === undefined ? { limit } : { limit, after });
            expect(page.items.length).toBeLessThanOrEqual(limit);
            seen.push(...page.items.map((record) => record.id));
            after = page.nextCursor;
          } while (after !== undefined);
          expect(seen).toStrictEqual(all);
        }
      }
    });

    test("2.9 a page that ends the results has no cursor", async () => {
      const collection = await openWith(item("a"), item("b"));
      expect((await collection.find({ index: "bySlug" }, { limit: 2 })).nextCursor).toBeUndefined();
      expect((await collection.find({ index: "bySlug" }, { limit: 1 })).nextCursor).toBeTypeOf("string");
    });

    test("2.10 a cursor holds its place while records come and go around it", async () => {
      const collection = await openWith(item("a"), item("b"), item("d"), item("e"));
      const first = await collection.find({ index: "bySlug" }, { limit: 2 });
      await collection.delete("b");
      await collection.insertMany([item("aa"), item("c")]);
      const second = await collection.find({ index: "bySlug" }, { limit: 9, after: first.nextCursor ?? "" });
      expect(second.items.map((record) => record.id)).toStrictEqual(["c", "d", "e"]);
    });

    test("2.11 a malformed cursor throws InvalidCursorError", async () => {
      const collection = await openWith(item("a"));
      for (const after of ["", "x", "%%%", "e30", "W10", "bnVsbA", "e".repeat(5_000)]) {
        const page = collection.find({ index: "bySlug" }, { limit: 1, after });
        await expect(page).rejects.toBeInstanceOf(InvalidCursorError);
      }
    });

    test("2.12 a sparse index holds only records that have all its fields", async () => {
      const collection = await openWith(
        item("a", { email: "2" }),
        item("b"),
        item("c", { email: "1" }),
        item("d", { dueMs: 5 }),
      );
      expect(await idsOf(collection, { index: "byEmail" })).toStrictEqual(["c", "a"]);
      expect(await idsOf(collection, { index: "byDue" })).toStrictEqual(["d"]);
      expect(await collection.count({ index: "byDue", equals: { group: "g" } })).toBe(1);
      await collection.patch("a", { unset: ["email"] });
      expect(await idsOf(collection, { index: "byEmail" })).toStrictEqual(["c"]);
    });

    test("2.13 a where-index holds only records with these values", async () => {
      const collection = await openWith(item("a", { rank: 2 }), item("b", { open: false }), item("c"));
      expect(await idsOf(collection, { index: "openByRank" })).toStrictEqual(["c", "a"]);
      await collection.patch("b", { set: { open: true } });
      await collection.patch("a", { set: { open: false } });
      expect(await idsOf(collection, { index: "openByRank" })).toStrictEqual(["b", "c"]);
      expect(await collection.count({ index: "openByRank", range: { gte: 1 } })).toBe(0);
    });

    test("2.14 a multikey index finds each record by each of its elements", async () => {
      const collection = await openWith(
        item("a", { tags: ["x", "y"] }),
        item("b", { tags: ["y", "y"] }),
        item("c"),
      );
      expect(await idsOf(collection, { index: "byTag", equals: { tags: "x" } })).toStrictEqual(["a"]);
      const both = { index: "byTag", equals: { tags: "y" } } as const;
      expect(await idsOf(collection, both)).toStrictEqual(["a", "b"]);
      expect(await collection.count(both)).toBe(2);
      await collection.patch("a", { set: { tags: ["z"] } });
      expect(await idsOf(collection, both)).toStrictEqual(["b"]);
      await collection.patch("c", { addToSet: { tags: "y" } });
      expect(await idsOf(collection, { ...both, reverse: true })).toStrictEqual(["c", "b"]);
    });
  });
}
