import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStore } from "#data/open.ts";
import type { Store } from "#data/collection.ts";
import { openChatlings, type Chatlings } from "#data/repositories/chatlings.ts";
import { chatling } from "#data/repositories/chatling.fixture.ts";
import { createCastLoader } from "./cast-loader.ts";

describe("the cast loader", () => {
  let store: Store;
  let chatlings: Chatlings;

  beforeEach(async () => {
    store = await openStore({ dataDir: ":memory:", dataKey: Buffer.alloc(32, 7) });
    chatlings = await openChatlings(store);
    await chatlings.insertMany([chatling("a"), chatling("b"), chatling("resting", { active: false })]);
  });
  afterEach(() => store.close());

  /** What a process that remembers nothing would cast with. */
  const loadAfresh = () => createCastLoader(chatlings).load("ann");

  it("gives the active chatlings with their traits, from the collection first and then from its sheet", async () => {
    const fromCollection = await loadAfresh();
    expect(fromCollection.map(({ id, traits }) => [id, traits])).toEqual([
      ["a", ["cheerful", "brave"]],
      ["b", ["cheerful", "brave"]],
    ]);
    await expect.poll(async () => (await chatlings.sheets.read("ann")).entries).toHaveLength(2);
    const collection = { ...chatlings, listByOwner: () => Promise.reject(new Error("not to be read")) };
    expect(await createCastLoader(collection).load("ann")).toEqual(fromCollection);
  });

  it.each<
    [string, () => Promise<unknown>, (cast: Awaited<ReturnType<typeof loadAfresh>>) => unknown, unknown]
  >([
    ["a new name", () => chatlings.patch("ann", "a", { name: "Zed" }), (cast) => cast[0]?.name, "Zed"],
    [
      "new traits",
      () => chatlings.patch("ann", "a", { personality: "shy" }),
      (cast) => cast[0]?.traits,
      ["shy"],
    ],
    ["a favourite", () => chatlings.patch("ann", "b", { favorite: true }), (cast) => cast[1]?.favorite, true],
    ["one put to rest", () => chatlings.patch("ann", "a", { active: false }), (cast) => cast.length, 1],
    ["own reactions", () => chatlings.addOwnReactions("ann", "a", 3), (cast) => cast[0]?.ownReactions, 3],
    ["one more", () => chatlings.insertMany([chatling("c")]), (cast) => cast.length, 3],
  ])("never casts from a sheet older than %s", async (_what, change, read, expected) => {
    await loadAfresh();
    await expect.poll(async () => (await chatlings.sheets.read("ann")).entries).not.toBeNull();
    await change();
    expect(read(await loadAfresh())).toEqual(expected);
  });

  it("does not keep a sheet of a collection that changed while it was made", async () => {
    const { revision } = await chatlings.sheets.read("ann");
    await chatlings.patch("ann", "a", { name: "Zed" });
    await chatlings.sheets.keep("ann", revision, []);
    expect((await chatlings.sheets.read("ann")).entries).toBeNull();
  });

  it("leaves no sheet of an erased collection", async () => {
    await loadAfresh();
    await chatlings.deleteByOwner("ann");
    expect(await chatlings.sheets.read("ann")).toEqual({ revision: 0, entries: null });
  });

  it("asks the store once for a crowd, and again after a failure", async () => {
    let reads = 0;
    let fail = true;
    const loader = createCastLoader({
      ...chatlings,
      sheets: {
        ...chatlings.sheets,
        async read(ownerId) {
          reads++;
          if (fail) throw new Error("out of reach");
          return chatlings.sheets.read(ownerId);
        },
      },
    });
    await expect(loader.load("ann")).rejects.toThrow("out of reach");
    fail = false;
    await Promise.all([loader.load("ann"), loader.load("ann"), loader.load("ann")]);
    expect(reads).toBe(2);
  });
});
