import { describe, expect, test } from "vitest";
import type { Change, Condition } from "../collection.ts";
import { InvalidRecordError } from "../errors.ts";
import type { FreshStore } from "./harness.ts";
import { items, jobs, tallies, type Item } from "./sample-collections.ts";
import { item, job, tally } from "./sample-records.ts";

/** Rules 3.x: what one atomic change promises, and deletion. */
export function changeRules(fresh: () => FreshStore): void {
  const openItems = () => fresh().store.collection(items);
  const openWith = async (...records: Item[]) => {
    const collection = await openItems();
    await collection.insertMany(records);
    return collection;
  };

  describe("patch", () => {
    test.each<[string, Partial<Item>, Change<Item>, Partial<Item>]>([
      ["set replaces values", { rank: 1 }, { set: { rank: 7, note: "n" } }, { rank: 7, note: "n" }],
      ["set to null is a value", { note: "n" }, { set: { note: null } }, { note: null }],
      [
        "set writes a nested value as it is",
        {},
        { set: { extra: { $x: { "a.b": 1 } } } },
        { extra: { $x: { "a.b": 1 } } },
      ],
      ["set puts back an empty object", { extra: { a: 1 } }, { set: { extra: {} } }, { extra: {} }],
      ["increment adds, also below zero", { count: 1 }, { increment: { count: -3 } }, { count: -2 }],
      ["increment of a missing field starts at 0", {}, { increment: { dueMs: 5 } }, { dueMs: 5 }],
      ["max raises", { count: 1 }, { max: { count: 4 } }, { count: 4 }],
      ["max never lowers", { count: 9 }, { max: { count: 4 } }, { count: 9 }],
      ["max of a missing field sets it", {}, { max: { dueMs: -1 } }, { dueMs: -1 }],
      [
        "push appends in order",
        { log: [1] },
        { push: { log: { values: [2, 3], cap: 9 } } },
        { log: [1, 2, 3] },
      ],
      [
        "push keeps the last cap",
        { log: [1, 2] },
        { push: { log: { values: [3, 4], cap: 3 } } },
        { log: [2, 3, 4] },
      ],
      [
        "push of more than cap",
        { log: [1] },
        { push: { log: { values: [2, 3, 4], cap: 2 } } },
        { log: [3, 4] },
      ],
      ["addToSet adds what is new", { tags: ["x"] }, { addToSet: { tags: "y" } }, { tags: ["x", "y"] }],
      [
        "addToSet leaves what is there",
        { tags: ["x", "y"] },
        { addToSet: { tags: "x" } },
        { tags: ["x", "y"] },
      ],
      [
        "all operators at once",
        { tags: ["x"], log: [1], count: 1, dueMs: 3 },
        {
          set: { note: "n" },
          unset: ["email"],
          increment: { count: 1 },
          max: { dueMs: 9 },
          push: { log: { values: [2], cap: 5 } },
          addToSet: { tags: "y" },
        },
        { note: "n", count: 2, dueMs: 9, log: [1, 2], tags: ["x", "y"] },
      ],
      ["nothing changes nothing", { count: 3 }, {}, { count: 3 }],
    ])("3.1 %s", async (_, before, change, after) => {
      const collection = await openWith(item("a", before), item("b", { count: 50 }));
      const expected = item("a", { ...before, ...after });
      expect(await collection.patch("a", change)).toStrictEqual(expected);
      expect(await collection.get("a")).toStrictEqual(expected);
      expect(await collection.get("b")).toStrictEqual(item("b", { count: 50 }));
    });

    test("3.2 unset removes the field", async () => {
      const collection = await openWith(item("a", { email: "e", dueMs: 1 }));
      expect(await collection.patch("a", { unset: ["email"] })).toStrictEqual(item("a", { dueMs: 1 }));
      expect(await collection.getBy("byEmail", { email: "e" })).toBeNull();
      await collection.insert(item("b", { email: "e" }));
    });

    test("3.3 a missing record gives null and is not made", async () => {
      const collection = await openItems();
      expect(await collection.patch("nobody", { set: { rank: 1 } })).toBeNull();
      expect(await collection.count({ index: "bySlug" })).toBe(0);
    });

    test.each<[Condition<Item>, boolean]>([
      [{ rank: 5 }, true],
      [{ rank: 4 }, false],
      [{ slug: "a", open: true }, true],
      [{ slug: "a", open: false }, false],
      [{ rank: { lt: 5 } }, false],
      [{ rank: { lte: 5 } }, true],
      [{ rank: { gt: 5 } }, false],
      [{ rank: { gte: 5 } }, true],
      [{ rank: { gt: 4, lt: 6 } }, true],
      [{ rank: { gt: 5, lt: 6 } }, false],
      [{ dueMs: { lt: 100 } }, false],
      [{ dueMs: { gt: -100 } }, false],
      [{ email: "e" }, false],
    ])("3.4 the condition %o decides whether the change applies", async (condition, applies) => {
      const collection = await openWith(item("a", { rank: 5 }));
      const after = item("a", { rank: 5, count: applies ? 1 : 0 });
      const result = await collection.patch("a", { increment: { count: 1 } }, condition);
      expect(result).toStrictEqual(applies ? after : null);
      expect(await collection.get("a")).toStrictEqual(after);
    });

    test("3.5 a change may not take another record's unique key", async () => {
      const collection = await openWith(item("a"), item("b", { count: 1 }));
      const change = collection.patch("b", { set: { slug: "a" }, increment: { count: 1 } });
      await expect(change).rejects.toMatchObject({ name: "DuplicateKeyError", index: "bySlug" });
      expect(await collection.get("b")).toStrictEqual(item("b", { count: 1 }));
      expect((await collection.patch("b", { set: { slug: "b" } }))?.slug).toBe("b");
    });

    test("3.6 one field may not be changed by two operators", async () => {
      const collection = await openWith(item("a"));
      const change = { set: { count: 1 }, increment: { count: 1 } };
      await expect(collection.patch("a", change)).rejects.toBeInstanceOf(InvalidRecordError);
      expect((await collection.get("a"))?.count).toBe(0);
    });

    test("3.7 the id cannot be changed", async () => {
      const collection = await openWith(item("a"));
      await expect(collection.patch("a", { set: { id: "b" } })).rejects.toBeInstanceOf(InvalidRecordError);
      expect(await collection.get("b")).toBeNull();
    });

    test.each<[string, unknown]>([
      ["a value of the wrong shape", { set: { rank: "first" } }],
      ["an unknown field", { set: { colour: "red" } }],
      ["unset of a field every record has", { unset: ["rank"] }],
      ["an increment of a text", { increment: { slug: 1 } }],
      ["an increment by no number", { increment: { count: Number.NaN } }],
      ["a push of the wrong elements", { push: { log: { values: ["x"], cap: 3 } } }],
      ["a push that keeps nothing", { push: { log: { values: [1], cap: 0 } } }],
      ["addToSet of the wrong kind", { addToSet: { tags: 5 } }],
    ])("3.8 a change that would break the schema is refused: %s", async (_, change) => {
      const collection = await openWith(item("a"));
      const patch = collection.patch("a", change as Change<Item>);
      await expect(patch).rejects.toBeInstanceOf(InvalidRecordError);
      expect(await collection.get("a")).toStrictEqual(item("a"));
    });

    test.each<Condition<Item>>([{ count: {} }, { slug: { lt: 1 } }, { note: "x", log: 5 }])(
      "3.13 a condition that bounds nothing, or cannot hold, is refused: %o",
      async (condition) => {
        const collection = await openWith(item("a"));
        const patch = collection.patch("a", { increment: { count: 1 } }, condition);
        await expect(patch).rejects.toBeInstanceOf(InvalidRecordError);
        await expect(collection.delete("a", condition)).rejects.toBeInstanceOf(InvalidRecordError);
        expect((await collection.get("a"))?.count).toBe(0);
      },
    );

    test("3.9 a patched record moves in the indexes", async () => {
      const collection = await openWith(item("a", { rank: 1 }), item("b", { rank: 2 }));
      await collection.patch("a", { increment: { rank: 5 } });
      const found = await collection.find({ index: "byGroup", range: { gte: "g" } }, { limit: 5 });
      expect(found.items.map((record) => record.id)).toStrictEqual(["b", "a"]);
    });
  });

  describe("upsert", () => {
    const openTallies = () => fresh().store.collection(tallies);

    test("3.10 inserts the record as given when nobody has its key", async () => {
      const collection = await openTallies();
      const first = tally("a", { userId: "u", calls: 1 });
      const result = await collection.upsert("byUserMonth", first, { increment: { calls: 1 } });
      expect(result).toStrictEqual(first);
      expect(await collection.get("a")).toStrictEqual(first);
    });

    test("3.11 changes the record that has the key, and only as the change says", async () => {
      const collection = await openTallies();
      await collection.insert(tally("a", { userId: "u", calls: 1, cost: 5 }));
      const result = await collection.upsert("byUserMonth", tally("b", { userId: "u", cost: 99 }), {
        increment: { calls: 2 },
      });
      expect(result).toStrictEqual(tally("a", { userId: "u", calls: 3, cost: 5 }));
      expect(await collection.get("b")).toBeNull();
    });

    test("3.12 an id or another key that is taken is a duplicate", async () => {
      const collection = await openTallies();
      await collection.insert(tally("a", { userId: "u" }));
      const taken = collection.upsert("byUserMonth", tally("a", { userId: "v" }), {
        increment: { calls: 1 },
      });
      await expect(taken).rejects.toMatchObject({ name: "DuplicateKeyError" });
      expect(await collection.get("a")).toStrictEqual(tally("a", { userId: "u" }));
    });
  });

  describe("claim", () => {
    const openJobs = async () => {
      const collection = await fresh().store.collection(jobs);
      await collection.insertMany([
        job("late", { dueMs: 30 }),
        job("soon", { dueMs: 10 }),
        job("mid", { dueMs: 20 }),
      ]);
      return collection;
    };

    test("3.20 takes the first match in index order and gives it back changed", async () => {
      const collection = await openJobs();
      const query = { index: "byState", equals: { state: "waiting" }, range: { lte: 25 } } as const;
      const change: Change<Parameters<typeof collection.insert>[0]> = {
        set: { state: "running", worker: "w" },
        increment: { attempts: 1 },
      };
      const first = await collection.claim(query, change);
      expect(first).toStrictEqual(job("soon", { dueMs: 10, state: "running", worker: "w", attempts: 1 }));
      expect((await collection.claim(query, change))?.id).toBe("mid");
      expect(await collection.claim(query, change)).toBeNull();
      expect((await collection.get("late"))?.state).toBe("waiting");
    });

    test("3.21 in reverse takes the last", async () => {
      const collection = await openJobs();
      const query = { index: "byState", equals: { state: "waiting" }, reverse: true } as const;
      expect((await collection.claim(query, { set: { state: "done" } }))?.id).toBe("late");
    });

    test("3.22 passes over matches that do not meet the condition", async () => {
      const collection = await openJobs();
      await collection.patch("soon", { increment: { attempts: 3 } });
      const query = { index: "byState", equals: { state: "waiting" } } as const;
      const claimed = await collection.claim(query, { set: { state: "running" } }, { attempts: { lt: 3 } });
      expect(claimed?.id).toBe("mid");
    });
  });

  describe("delete", () => {
    test("3.30 delete tells whether the record was there", async () => {
      const collection = await openWith(item("a"), item("b"));
      expect(await collection.delete("a")).toBe(true);
      expect(await collection.delete("a")).toBe(false);
      expect(await collection.get("a")).toBeNull();
      expect(await collection.count({ index: "bySlug" })).toBe(1);
      await collection.insert(item("a"));
    });

    test("3.31 delete spares a record that does not meet the condition", async () => {
      const collection = await openWith(item("a", { count: 5 }));
      expect(await collection.delete("a", { count: { gt: 5 } })).toBe(false);
      expect(await collection.delete("a", { count: 5, open: true })).toBe(true);
    });

    test("3.32 deleteWhere deletes the matches and nothing else", async () => {
      const records = Array.from({ length: 40 }, (_, n) => item(`i${n}`, { rank: n, tags: [`t${n % 2}`] }));
      const collection = await openWith(...records, item("other", { group: "o", rank: 3 }));
      const old = { index: "byGroup", equals: { group: "g" }, range: { lt: 30 } } as const;
      expect(await collection.deleteWhere(old)).toBe(30);
      expect(await collection.deleteWhere(old)).toBe(0);
      expect(await collection.count({ index: "bySlug" })).toBe(11);
      expect(await collection.deleteWhere({ index: "byTag", equals: { tags: "t1" } })).toBe(5);
      expect((await collection.get("other"))?.id).toBe("other");
    });
  });
}
