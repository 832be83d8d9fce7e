import { isDeepStrictEqual } from "node:util";
import { describe, expect, test } from "vitest";
import type { QueryPlan, RawChange, RawDeclaration, RawIndex, RawRecord } from "../engine.ts";
import { IncompatibleStoreError, InvalidRecordError } from "../errors.ts";
import type { FreshStore } from "./harness.ts";

const NO_CHANGE: RawChange = { set: {}, unset: [], increment: {}, max: {}, push: {}, addToSet: {} };

function rawIndex(name: string, fields: string[], more: Partial<RawIndex> = {}): RawIndex {
  return { name, fields, unique: false, sparse: false, multikey: false, where: [], ...more };
}

function declare(...indexes: RawIndex[]): RawDeclaration {
  return {
    name: "contractRaw",
    indexes,
    kinds: { kind: "string", size: "number", open: "boolean", tags: "list" },
  };
}

function planAll(index: RawIndex): QueryPlan {
  return { index, equals: [], holds: [], sort: [...index.fields, "id"], reverse: false };
}

const RECORDS: RawRecord[] = [
  { id: "a", kind: "x", size: 2, open: true },
  { id: "b", kind: "y", size: 1, open: false },
  { id: "c", kind: "x", size: 1, open: true },
];

/** Rules 7.x: what an engine owes the store beneath the port: making indexes, migrations' tools, its own check. */
export function engineRules(fresh: () => FreshStore): void {
  const open = async (declaration: RawDeclaration) => {
    const collection = await fresh().engine.collection(declaration);
    await collection.ensureIndexes();
    return collection;
  };
  const idsBy = async (index: RawIndex, all: RawIndex[] = [index]) => {
    const collection = await open(declare(...all));
    return (await collection.find(planAll(index), 10)).map((record) => record.id);
  };
  const bySize = rawIndex("bySize", ["size"]);
  const byKind = rawIndex("byKind", ["kind", "size"]);

  describe("indexes", () => {
    test("7.1 an index declared later holds what is there already", async () => {
      await (await open(declare(bySize))).insertMany(RECORDS);
      expect(await idsBy(byKind, [bySize, byKind])).toStrictEqual(["c", "a", "b"]);
      expect(await idsBy(bySize, [bySize, byKind])).toStrictEqual(["b", "c", "a"]);
    });

    test("7.2 making them again changes nothing", async () => {
      await (await open(declare(bySize, byKind))).insertMany(RECORDS);
      await Promise.all([open(declare(bySize, byKind)), open(declare(bySize, byKind))]);
      expect(await idsBy(bySize, [bySize, byKind])).toStrictEqual(["b", "c", "a"]);
    });

    test("7.3 a declaration that changed under the same name is followed", async () => {
      await (await open(declare(bySize))).insertMany(RECORDS);
      expect(await idsBy(rawIndex("bySize", ["size"], { where: [["open", true]] }))).toStrictEqual([
        "c",
        "a",
      ]);
      expect(await idsBy(rawIndex("bySize", ["kind"]))).toStrictEqual(["a", "c", "b"]);
      const unique = await open(declare(rawIndex("bySize", ["kind", "size"], { unique: true })));
      const taken = unique.insert({ id: "d", kind: "x", size: 2, open: false });
      await expect(taken).rejects.toMatchObject({ name: "DuplicateKeyError", index: "bySize" });
    });

    test("7.4 a unique index no longer declared refuses nothing", async () => {
      await (
        await open(declare(rawIndex("one", ["kind"], { unique: true })))
      ).insert(RECORDS[0] as RawRecord);
      const collection = await open(declare(bySize));
      await collection.insert(RECORDS[2] as RawRecord);
      expect((await collection.find(planAll(bySize), 10)).map(({ id }) => id)).toStrictEqual(["c", "a"]);
    });

    test("7.5 a unique key that records share already is a store this program cannot use", async () => {
      await (await open(declare(bySize))).insertMany(RECORDS);
      const opening = open(declare(rawIndex("oneKind", ["kind"], { unique: true })));
      await expect(opening).rejects.toBeInstanceOf(IncompatibleStoreError);
      expect(await idsBy(bySize)).toStrictEqual(["b", "c", "a"]);
    });

    test("7.6 a unique index with a limit is unique within it", async () => {
      const oneOpen = rawIndex("oneOpen", ["size"], { unique: true, where: [["open", true]] });
      const collection = await open(declare(oneOpen));
      await collection.insertMany(RECORDS);
      await collection.insert({ id: "d", kind: "x", size: 1, open: false });
      const taken = collection.insert({ id: "e", kind: "x", size: 1, open: true });
      await expect(taken).rejects.toMatchObject({ index: "oneOpen" });
      const opened = collection.patch("b", { ...NO_CHANGE, set: { open: true } }, []);
      await expect(opened).rejects.toMatchObject({ index: "oneOpen" });
    });
  });

  describe("migrations", () => {
    test("7.10 scan gives every record in the order of ids, in pieces", async () => {
      const collection = await open(declare());
      await collection.insertMany(RECORDS.toReversed());
      expect(await collection.scan(null, 2)).toStrictEqual(RECORDS.slice(0, 2));
      expect(await collection.scan("b", 2)).toStrictEqual(RECORDS.slice(2));
      expect(await collection.scan("c", 2)).toStrictEqual([]);
    });

    test("7.11 replace puts a whole record in the place of another", async () => {
      const collection = await open(declare(rawIndex("oneSize", ["kind", "size"], { unique: true })));
      await collection.insertMany(RECORDS);
      const whole = { id: "a", kind: "z", size: 9, fresh: { $x: [null], none: {} }, none: {} };
      expect(await collection.replace(whole)).toBe(true);
      expect(await collection.get("a")).toStrictEqual(whole);
      expect(await collection.replace({ id: "nobody", kind: "q", size: 0 })).toBe(false);
      expect(await collection.get("nobody")).toBeNull();
      const taken = collection.replace({ id: "b", kind: "x", size: 1 });
      await expect(taken).rejects.toMatchObject({ name: "DuplicateKeyError", index: "oneSize" });
    });
  });

  describe("records", () => {
    test("7.12 properties that are undefined are not stored, at any depth", async () => {
      const collection = await open(declare());
      await collection.insert({ id: "a", gone: undefined, deep: { gone: undefined, kept: 1 } });
      const kept = { id: "a", deep: { kept: 1 } };
      expect(await collection.get("a")).toStrictEqual(kept);
      const change = { ...NO_CHANGE, set: { deep: { gone: undefined, kept: 2 } } };
      expect(await collection.patch("a", change, [])).toStrictEqual({ id: "a", deep: { kept: 2 } });
    });

    test("7.15 a record the engine cannot hold is refused, or held as it is", async () => {
      const collection = await open(declare());
      const odd: RawRecord[] = [
        { id: "nul", inside: { "a\u0000b": 1 } },
        { id: "typed", inside: { _bsontype: "ObjectId", id: "x" } },
        { id: "large", inside: "x".repeat(17 * 1024 * 1024) },
      ];
      for (const record of odd) {
        const failure = await collection.insert(record).catch((error: unknown) => error);
        const kept = async () => isDeepStrictEqual(await collection.get(record.id), record);
        expect(failure instanceof InvalidRecordError || (await kept())).toBe(true);
      }
    });

    test("7.13 a missing id finds, changes and deletes nothing", async () => {
      const collection = await open(declare());
      await collection.insertMany(RECORDS);
      const nothing = undefined as unknown as string;
      const outcomes = await Promise.allSettled([
        collection.get(nothing),
        collection.patch(nothing, { ...NO_CHANGE, set: { size: 99 } }, []),
        collection.delete(nothing, []),
      ]);
      for (const outcome of outcomes) {
        expect(outcome.status === "rejected" || !outcome.value).toBe(true);
      }
      expect(await collection.scan(null, 9)).toStrictEqual(RECORDS);
    });

    test("7.14 a claim looks past a hundred records that do not meet its condition", async () => {
      const collection = await open(declare(bySize));
      const many = Array.from({ length: 120 }, (_, n) => ({
        id: `i${n}`,
        kind: "x",
        size: n,
        open: n === 110,
      }));
      await collection.insertMany(many);
      const claimed = await collection.claim(planAll(bySize), { ...NO_CHANGE, set: { kind: "taken" } }, [
        { field: "open", equals: true },
      ]);
      expect(claimed).toStrictEqual({ id: "i110", kind: "taken", size: 110, open: true });
    });
  });
}
