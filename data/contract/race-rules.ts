import { describe, expect, test } from "vitest";
import type { FreshStore } from "./harness.ts";
import { items, jobs, tallies } from "./sample-collections.ts";
import { item, job, tally } from "./sample-records.ts";

/** Rules 4.x: what holds when many callers do the same at once. */
export function raceRules(fresh: () => FreshStore): void {
  describe("races", () => {
    test("4.1 of many inserts of one key exactly one succeeds", async () => {
      const collection = await fresh().store.collection(items);
      const inserts = Array.from({ length: 20 }, (_, n) => collection.insert(item(`i${n}`, { slug: "one" })));
      const outcomes = await Promise.allSettled(inserts);
      expect(outcomes.filter((outcome) => outcome.status === "fulfilled")).toHaveLength(1);
      expect(await collection.count({ index: "bySlug" })).toBe(1);
    });

    test("4.2 thirty racing upserts make one record and lose no increment", async () => {
      const collection = await fresh().store.collection(tallies);
      const results = await Promise.all(
        Array.from({ length: 30 }, (_, n) =>
          collection.upsert("byUserMonth", tally(`t${n}`, { userId: "u", calls: 1 }), {
            increment: { calls: 1 },
          }),
        ),
      );
      expect(new Set(results.map((record) => record.id)).size).toBe(1);
      expect(await collection.count({ index: "byUserMonth" })).toBe(1);
      expect((await collection.getBy("byUserMonth", { userId: "u", month: "2026-01" }))?.calls).toBe(30);
      const seen = results.map((record) => record.calls).sort((a, b) => a - b);
      expect(seen).toStrictEqual(Array.from({ length: 30 }, (_, n) => n + 1));
    });

    test("4.8 racing upserts of the same id lose no increment either", async () => {
      const collection = await fresh().store.collection(tallies);
      const one = tally("same", { userId: "u", calls: 1 });
      const upserts = Array.from({ length: 20 }, () =>
        collection.upsert("byUserMonth", one, { increment: { calls: 1 } }),
      );
      await Promise.all(upserts);
      expect((await collection.get("same"))?.calls).toBe(20);
    });

    test("4.3 fifty workers claim fifty different jobs", async () => {
      const collection = await fresh().store.collection(jobs);
      const waiting = Array.from({ length: 50 }, (_, n) => job(`j${n}`, { dueMs: n % 5 }));
      await collection.insertMany(waiting);
      const claimed = await Promise.all(
        Array.from({ length: 50 }, (_, n) =>
          collection.claim(
            { index: "byState", equals: { state: "waiting" } },
            { set: { state: "running", worker: `w${n}` }, increment: { attempts: 1 } },
          ),
        ),
      );
      expect(new Set(claimed.map((record) => record?.id)).size).toBe(50);
      expect(claimed.every((record) => record?.attempts === 1)).toBe(true);
      expect(await collection.count({ index: "byState", equals: { state: "waiting" } })).toBe(0);
    });

    test("4.4 a conditional patch is won by one", async () => {
      const collection = await fresh().store.collection(jobs);
      await collection.insert(job("lease", { dueMs: 100 }));
      const tries = await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          collection.patch("lease", { set: { worker: `w${n}`, dueMs: 200 } }, { dueMs: { lte: 100 } }),
        ),
      );
      const won = tries.filter((record) => record !== null);
      expect(won).toHaveLength(1);
      expect((await collection.get("lease"))?.worker).toBe(won[0]?.worker);
    });

    test("4.5 racing pushes and increments are all kept", async () => {
      const collection = await fresh().store.collection(items);
      await collection.insert(item("a"));
      await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          collection.patch("a", { increment: { count: 1 }, push: { log: { values: [n], cap: 100 } } }),
        ),
      );
      const record = await collection.get("a");
      expect(record?.count).toBe(20);
      expect(record?.log.toSorted((a, b) => a - b)).toStrictEqual(Array.from({ length: 20 }, (_, n) => n));
    });

    test("4.6 a delete and a patch of one record leave it deleted", async () => {
      const collection = await fresh().store.collection(items);
      await collection.insert(item("a"));
      const [deletedOnce, deletedTwice] = await Promise.all([
        collection.delete("a"),
        collection.delete("a"),
        collection.patch("a", { increment: { count: 1 } }),
      ]);
      expect([deletedOnce, deletedTwice].filter(Boolean)).toHaveLength(1);
      expect(await collection.get("a")).toBeNull();
    });

    test("4.7 the same collection opened twice at once is one collection", async () => {
      const [left, right] = await Promise.all([
        fresh().store.collection(items),
        fresh().store.collection(items),
      ]);
      await left.insert(item("a"));
      await expect(right.insert(item("a"))).rejects.toMatchObject({ name: "DuplicateKeyError" });
    });
  });
}
