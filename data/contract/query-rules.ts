import { describe, expect, test } from "vitest";
import type { Query } from "../collection.ts";
import { UnservedQueryError } from "../errors.ts";
import type { FreshStore } from "./harness.ts";
import { items, type Item } from "./sample-collections.ts";
import { item } from "./sample-records.ts";

type ItemIndex = keyof typeof items.indexes;

/** Rules 2.15 to 2.21: the other ways of asking by query, and the queries that are refused. */
export function queryRules(fresh: () => FreshStore): void {
  const openWith = async (...records: Item[]) => {
    const collection = await fresh().store.collection(items);
    await collection.insertMany(records);
    return collection;
  };

  describe("other readers", () => {
    test("2.15 findFields gives only the fields asked for, and the id", async () => {
      const collection = await openWith(item("a", { rank: 1, email: "e" }), item("b", { rank: 2 }));
      const page = await collection.findFields({ index: "byGroup" }, ["rank", "email"], { limit: 1 });
      expect(page.items).toStrictEqual([{ id: "a", rank: 1, email: "e" }]);
      const rest = await collection.findFields({ index: "byGroup" }, ["rank", "email"], {
        limit: 5,
        after: page.nextCursor ?? "",
      });
      expect(rest).toStrictEqual({ items: [{ id: "b", rank: 2 }] });
    });

    test("2.16 iterate gives every match in order, across batches", async () => {
      const records = Array.from({ length: 650 }, (_, n) => item(`i${n}`, { rank: n % 7 }));
      const collection = await openWith(...records);
      const seen: string[] = [];
      for await (const record of collection.iterate({ index: "byGroup", range: { gte: "g" } })) {
        seen.push(record.id);
      }
      const byRankThenId = records.sort((a, b) => a.rank - b.rank || (a.id < b.id ? -1 : 1));
      expect(seen).toStrictEqual(byRankThenId.map((record) => record.id));
    });

    test("2.17 an iteration may be left early", async () => {
      const collection = await openWith(item("a"), item("b"));
      for await (const record of collection.iterate({ index: "bySlug" })) {
        expect(record.id).toBe("a");
        break;
      }
      expect(await collection.count({ index: "bySlug" })).toBe(2);
    });

    test("2.21 a query that is not paged gives the same records and no cursor", async () => {
      const collection = await openWith(
        item("a", { rank: 3 }),
        item("b", { rank: 2 }),
        item("c", { rank: 1 }),
      );
      const unpaged = { limit: 2, paged: false } as const;
      const { items: paged } = await collection.find({ index: "byGroup" }, { limit: 2 });
      expect(await collection.find({ index: "byGroup" }, unpaged)).toStrictEqual({ items: paged });
      expect(await collection.findFields({ index: "byGroup" }, ["slug"], unpaged)).toStrictEqual({
        items: [
          { id: "c", slug: "c" },
          { id: "b", slug: "b" },
        ],
      });
    });

    test("2.18 sum adds fields per distinct values of others", async () => {
      const collection = await openWith(
        item("a", { rank: 1, count: 2, dueMs: 10 }),
        item("b", { rank: 1, count: 3 }),
        item("c", { rank: 2, count: 4 }),
        item("d", { group: "other", rank: 2, count: 100 }),
      );
      const query = { index: "byGroup", equals: { group: "g" } } as const;
      const sums = await collection.sum(query, ["rank"], ["count", "dueMs"]);
      expect(sums.sort((x, y) => x.key.rank - y.key.rank)).toStrictEqual([
        { key: { rank: 1 }, count: 2, sums: { count: 5, dueMs: 10 } },
        { key: { rank: 2 }, count: 1, sums: { count: 4, dueMs: 0 } },
      ]);
      expect(await collection.sum(query, [], ["count"])).toStrictEqual([
        { key: {}, count: 3, sums: { count: 9 } },
      ]);
      expect(await collection.sum({ ...query, range: { gt: 5 } }, ["rank"], ["count"])).toStrictEqual([]);
    });

    test("2.19 sums of whole numbers are exact up to 2^53", async () => {
      const collection = await openWith(item("a", { count: 2 ** 52 }), item("b", { count: 2 ** 52 - 1 }));
      const [total] = await collection.sum({ index: "byGroup" }, [], ["count"]);
      expect(total?.sums.count).toBe(Number.MAX_SAFE_INTEGER);
    });
  });

  describe("a query no index serves", () => {
    test.each<[string, object]>([
      ["an unknown index", { index: "byMood" }],
      ["equality beyond the prefix", { index: "byGroup", equals: { rank: 1 } }],
      ["a field outside the index", { index: "byGroup", equals: { group: "g", slug: "s" } }],
      ["a range with no field left", { index: "bySlug", equals: { slug: "s" }, range: { gt: "a" } }],
    ])("2.20 throws: %s", async (_, query) => {
      const collection = await openWith(item("a"));
      const wrong = query as Query<Item, ItemIndex>;
      await expect(collection.find(wrong, { limit: 1 })).rejects.toBeInstanceOf(UnservedQueryError);
      await expect(collection.count(wrong)).rejects.toBeInstanceOf(UnservedQueryError);
      await expect(collection.deleteWhere(wrong)).rejects.toBeInstanceOf(UnservedQueryError);
      expect(await collection.count({ index: "bySlug" })).toBe(1);
    });
  });
}
