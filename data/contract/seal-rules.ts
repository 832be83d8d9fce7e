import { describe, expect, test } from "vitest";
import { createStore } from "../create-store.ts";
import type { Engine, RawRecord } from "../engine.ts";
import { DuplicateKeyError, UnservedQueryError } from "../errors.ts";
import type { FreshStore } from "./harness.ts";
import { notes, type Note } from "./sample-collections.ts";
import { note } from "./sample-records.ts";

/** Rules 5.x: what sealed fields and their words promise. */
export function sealRules(fresh: () => FreshStore): void {
  const openWith = async (...records: Note[]) => {
    const collection = await fresh().store.collection(notes);
    await collection.insertMany(records);
    return collection;
  };
  const idsOf = (page: { items: Note[] }) => page.items.map((record) => record.id).sort();

  describe("sealed fields", () => {
    test("5.1 come back as they went in, whatever their type", async () => {
      const record = note("a", { text: "I was afraid 🐉", title: "", mood: { name: "low", strength: 0.5 } });
      const collection = await openWith(record, note("b"));
      expect(await collection.get("a")).toStrictEqual(record);
      const page = await collection.find({ index: "byOwner", equals: { ownerId: "ann" } }, { limit: 5 });
      expect(page.items).toStrictEqual([record, note("b")]);
      const fields = await collection.findFields({ index: "byOwner" }, ["text", "mood"], { limit: 1 });
      expect(fields.items).toStrictEqual([{ id: "a", text: record.text, mood: record.mood }]);
    });

    test("5.2 are ciphertext for a reader without the keys, and the rest is not", async () => {
      await openWith(
        note("a", { text: "my secret garden", title: "Gate", mood: { name: "brooding", strength: 1 } }),
      );
      const raw = JSON.stringify(await fresh().readRaw("contractNotes"), (_, value: unknown) =>
        value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : value,
      );
      expect(raw).toContain("ann");
      for (const word of ["secret", "garden", "Gate", "gate", "brooding", "strength"]) {
        expect(raw).not.toContain(word);
        expect(raw).not.toContain(Buffer.from(word).toString("base64").replace(/=+$/, "").slice(0, -1));
      }
    });

    test("5.3 the same text sealed twice looks different each time", async () => {
      await openWith(note("a", { text: "same words here" }), note("b", { text: "same words here" }));
      const raw = (await fresh().readRaw("contractNotes")) as { text: unknown }[];
      const sealed = raw.map((document) => JSON.stringify(document.text));
      expect(sealed).toHaveLength(2);
      expect(sealed[0]).not.toBe(sealed[1]);
    });

    test("5.4 can be set and unset, and the change is sealed too", async () => {
      const collection = await openWith(note("a", { text: "old", mood: { name: "low", strength: 1 } }));
      const changed = await collection.patch("a", { set: { text: "quite newfangled" }, unset: ["mood"] });
      expect(changed).toStrictEqual(note("a", { text: "quite newfangled" }));
      expect(await collection.get("a")).toStrictEqual(changed);
      expect(JSON.stringify(await fresh().readRaw("contractNotes"))).not.toContain("newfangled");
    });

    test("5.5 racing first writes of one owner all stay readable", async () => {
      const collection = await openWith();
      const records = Array.from({ length: 12 }, (_, n) => note(`n${n}`, { ownerId: "new", text: `t${n}` }));
      await Promise.all(records.map((record) => collection.insert(record)));
      const found = await collection.getMany(records.map((record) => record.id));
      expect(found.map((record) => record.text).sort()).toStrictEqual(records.map((r) => r.text).sort());
    });
  });

  describe("upsert of sealed fields", () => {
    test("5.6 seals what it inserts and what it changes", async () => {
      const collection = await openWith();
      const first = note("a", { source: "s", text: "first" });
      expect(await collection.upsert("bySource", first, { set: { text: "second" } })).toStrictEqual(first);
      const other = note("b", { source: "s", text: "third" });
      const changed = await collection.upsert("bySource", other, { set: { text: "second" } });
      expect(changed).toStrictEqual({ ...first, text: "second" });
      expect(await collection.get("a")).toStrictEqual(changed);
      expect(JSON.stringify(await fresh().readRaw("contractNotes"))).not.toContain("second");
    });

    test.each<[string, (n: number) => string]>([
      ["with ids of their own", (n) => `n${n}`],
      ["with one id", () => "same"],
    ])("5.7 racing ones make one record: %s", async (_, idOf) => {
      const collection = await openWith();
      const upserts = Array.from({ length: 12 }, (_, n) =>
        collection.upsert("bySource", note(idOf(n), { source: "s" }), {
          set: { text: `t${n}` },
          max: { atMs: n },
        }),
      );
      const ids = (await Promise.all(upserts)).map((record) => record.id);
      expect(new Set(ids).size).toBe(1);
      expect(await collection.count({ index: "bySource" })).toBe(1);
    });

    test("5.8 an id that another key has is a duplicate", async () => {
      const collection = await openWith(note("a", { source: "s" }));
      const upsert = collection.upsert("bySource", note("a", { source: "t" }), { set: { text: "x" } });
      await expect(upsert).rejects.toMatchObject({ name: "DuplicateKeyError", index: "id" });
    });
  });

  test("5.9 a racing upsert succeeds also where the engine names the id of two taken keys", async () => {
    const { engine } = fresh();
    const naming: Engine = {
      ...engine,
      async collection(declaration) {
        const raw = await engine.collection(declaration);
        const insert = async (record: RawRecord) => {
          await raw.insert(record).catch((error: unknown) => {
            throw error instanceof DuplicateKeyError ? new DuplicateKeyError(error.collection, "id") : error;
          });
        };
        return { ...raw, insert };
      },
    };
    const collection = await (await createStore(naming, Buffer.alloc(32, 7))).collection(notes);
    const upserts = Array.from({ length: 5 }, (_, n) =>
      collection.upsert("bySource", note("same", { source: "s" }), { set: { text: `t${n}` } }),
    );
    expect(new Set((await Promise.all(upserts)).map((record) => record.id))).toStrictEqual(new Set(["same"]));
  });

  describe("words", () => {
    const garden = () =>
      openWith(
        note("a", { text: "The Café by the river", title: "Spring walk" }),
        note("b", { text: "river without end", title: "spring" }),
        note("c", { ownerId: "bob", text: "the river café", title: "SPRING, walk!" }),
      );

    test("5.10 find the records that hold all of them, without case and accents", async () => {
      const collection = await garden();
      const search = async (text: string) =>
        idsOf(await collection.searchWords("text", text, { ownerId: "ann", limit: 9 }));
      expect(await search("river")).toStrictEqual(["a", "b"]);
      expect(await search("RIVER, cafe")).toStrictEqual(["a"]);
      expect(await search("cafe\u0301")).toStrictEqual(["a"]);
      expect(await search("river ocean")).toStrictEqual([]);
      expect(await search("riv")).toStrictEqual([]);
    });

    test("5.11 of scope owner find only that owner's records", async () => {
      const collection = await garden();
      const page = await collection.searchWords("text", "river café", { ownerId: "bob", limit: 9 });
      expect(idsOf(page)).toStrictEqual(["c"]);
      expect((await collection.searchWords("text", "river", { ownerId: "eve", limit: 9 })).items).toEqual([]);
      const unscoped = collection.searchWords("text", "river", { limit: 9 });
      await expect(unscoped).rejects.toBeInstanceOf(UnservedQueryError);
    });

    test("5.12 of scope store find everybody's", async () => {
      const collection = await garden();
      expect(idsOf(await collection.searchWords("title", "spring walk", { limit: 9 }))).toStrictEqual([
        "a",
        "c",
      ]);
    });

    test("5.13 follow the text when it changes or goes", async () => {
      const collection = await garden();
      const search = async (text: string) =>
        idsOf(await collection.searchWords("text", text, { ownerId: "ann", limit: 9 }));
      await collection.patch("b", { set: { text: "an ocean" } });
      expect(await search("river")).toStrictEqual(["a"]);
      expect(await search("ocean")).toStrictEqual(["b"]);
      await collection.delete("a");
      expect(await search("river")).toStrictEqual([]);
    });

    test("5.14 are paged without gap or double", async () => {
      const records = Array.from({ length: 7 }, (_, n) => note(`n${n}`, { text: `river river ${n}` }));
      const collection = await openWith(...records);
      const seen: string[] = [];
      let after: string | undefined;
      do {
        const options = { ownerId: "ann", limit: 3, ...(after === undefined ? {} : { after }) };
        const page = await collection.searchWords("text", "river", options);
        seen.push(...page.items.map((record) => record.id));
        after = page.nextCursor;
      } while (after !== undefined);
      expect(seen.sort()).toStrictEqual(records.map((record) => record.id));
    });

    test("5.15 no word at all finds nothing", async () => {
      const collection = await garden();
      expect((await collection.searchWords("title", " … !", { limit: 9 })).items).toStrictEqual([]);
    });

    test("5.16 a field without words cannot be searched", async () => {
      const collection = await garden();
      const search = collection.searchWords("mood", "low", { limit: 1 });
      await expect(search).rejects.toBeInstanceOf(UnservedQueryError);
    });
  });

  describe("shredUser", () => {
    test("5.20 takes one user's sealed records from every reader and spares everybody else's", async () => {
      const collection = await openWith(
        note("a", { text: "mine" }),
        note("b", { ownerId: "bob", text: "his" }),
      );
      await fresh().store.shredUser("ann");
      expect(await collection.get("a")).toBeNull();
      const left = await collection.find({ index: "byOwner" }, { limit: 9 });
      expect(left.items).toStrictEqual([note("b", { ownerId: "bob", text: "his" })]);
      const found = await collection.searchWords("text", "mine", { ownerId: "ann", limit: 9 });
      expect(found.items).toStrictEqual([]);
    });

    test("5.21 the shredded records can be counted and deleted", async () => {
      const collection = await openWith(note("a", { text: "mine" }), note("b", { ownerId: "bob" }));
      await fresh().store.shredUser("ann");
      const theirs = { index: "byOwner", equals: { ownerId: "ann" } } as const;
      expect(await collection.count(theirs)).toBe(1);
      expect(await collection.deleteWhere(theirs)).toBe(1);
      await fresh().store.shredUser("ann");
      await fresh().store.shredUser("nobody");
    });
  });

  describe("the store", () => {
    test("5.30 check resolves while the store can be used", async () => {
      await expect(fresh().store.check()).resolves.toBeUndefined();
    });

    test("5.31 close may be called twice, and then nothing can be read", async () => {
      const collection = await openWith(note("a"));
      await fresh().store.close();
      await fresh().store.close();
      const closed = { name: "StoreUnavailableError", retryable: false };
      await expect(collection.get("a")).rejects.toMatchObject(closed);
      await expect(collection.insert(note("b"))).rejects.toMatchObject(closed);
      await expect(fresh().store.check()).rejects.toMatchObject(closed);
    });
  });
}
