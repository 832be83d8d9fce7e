import { expect, test } from "vitest";
import type { StoredChatling } from "#schema/stored/chatling.ts";
import { chatling } from "./chatling.fixture.ts";
import { openChatlings } from "./chatlings.ts";
import { openMemoryStore } from "./memory-store.fixture.ts";

async function openWith(...records: StoredChatling[]) {
  const chatlings = await openChatlings(await openMemoryStore());
  await chatlings.insertMany(records);
  return chatlings;
}

test("an owner's chatlings come oldest first, and nobody else's with them", async () => {
  const chatlings = await openWith(
    chatling("young", { createdAtMs: 3000 }),
    chatling("old", { createdAtMs: 10 }),
    chatling("other", { ownerId: "bob" }),
  );
  expect((await chatlings.listByOwner("ann")).map(({ id }) => id)).toEqual(["old", "young"]);
  expect(await chatlings.countByOwner("ann")).toBe(2);
});

test("another's chatling can be neither read nor changed", async () => {
  const chatlings = await openWith(chatling("a"));
  expect(await chatlings.get("bob", "a")).toBeNull();
  expect(await chatlings.patch("bob", "a", { name: "Stolen" })).toBeNull();
  expect(await chatlings.addOwnReactions("bob", "a", 5)).toBe(false);
  expect(await chatlings.get("ann", "a")).toEqual(chatling("a"));
});

test("texts, favourite and reactions change one by one", async () => {
  const chatlings = await openWith(chatling("a"));
  await chatlings.patch("ann", "a", { name: "Ember", favorite: true });
  await chatlings.addOwnReactions("ann", "a", 3);
  expect(await chatlings.addOwnReactions("ann", "a", 2)).toBe(true);
  expect(await chatlings.get("ann", "a")).toEqual(
    chatling("a", { name: "Ember", favorite: true, ownReactions: 5 }),
  );
});

test("importing again brings the game's state and keeps what is the owner's here", async () => {
  const chatlings = await openWith();
  const first = { ...chatling("new"), externalId: "game-7" };
  expect(await chatlings.upsertImported(first)).toEqual(first);
  await chatlings.patch("ann", "new", { favorite: true });
  await chatlings.addOwnReactions("ann", "new", 4);
  const again = { ...chatling("ignored", { name: "Renamed", rarity: "epic" }), externalId: "game-7" };
  expect(await chatlings.upsertImported(again)).toMatchObject({
    id: "new",
    name: "Renamed",
    rarity: "epic",
    favorite: true,
    ownReactions: 4,
  });
  expect(await chatlings.countByOwner("ann")).toBe(1);
});

test("the same external id may belong to two owners", async () => {
  const chatlings = await openWith();
  await chatlings.upsertImported({ ...chatling("a"), externalId: "game-7" });
  await chatlings.upsertImported({ ...chatling("b", { ownerId: "bob" }), externalId: "game-7" });
  expect(await chatlings.countByOwner("bob")).toBe(1);
});

test("deleting an owner's chatlings leaves the others", async () => {
  const chatlings = await openWith(chatling("a"), chatling("b"), chatling("c", { ownerId: "bob" }));
  expect(await chatlings.deleteByOwner("ann")).toBe(2);
  expect(await chatlings.listByOwner("ann")).toEqual([]);
  expect(await chatlings.countByOwner("bob")).toBe(1);
});
