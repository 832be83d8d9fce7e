import { expect, test } from "vitest";
import type { StoredUniqueConversation } from "#schema/stored/unique-conversation.ts";
import { sampleConversation } from "#rooms/chatroom/testing/sample-conversation.ts";
import { openMemoryStore } from "./memory-store.fixture.ts";
import { openUniqueConversations } from "./unique-conversations.ts";

const forUser = (userId: string, id: string, expiresAtMs = 2000): StoredUniqueConversation => ({
  ...sampleConversation(id),
  userId,
  isGiven: false,
  expiresAtMs,
});

const open = async (...conversations: StoredUniqueConversation[]) => {
  const records = await openUniqueConversations(await openMemoryStore());
  for (const conversation of conversations) await records.insert(conversation);
  return records;
};

test("the latest of a user's own that is not over is ready, and nobody else's", async () => {
  const latest = forUser("ann", "a2", 3000);
  const records = await open(forUser("ann", "a1"), latest, forUser("bob", "b1", 9000));
  expect(await records.ready("ann", 1000)).toEqual(latest);
  expect(await records.ready("ann", 3000)).toBeNull();
  expect((await records.ready("bob", 3000))?.id).toBe("b1");
  expect(await records.ready("cleo", 0)).toBeNull();
});

test("of many who ask at once one is given it, and it can be read after that", async () => {
  const records = await open(forUser("ann", "a1"));
  const given = await Promise.all(Array.from({ length: 10 }, () => records.give("a1")));
  expect(given.filter(Boolean)).toHaveLength(1);
  expect(await records.ready("ann", 0)).toBeNull();
  expect((await records.get("a1"))?.messages).toEqual(sampleConversation("a1").messages);
  expect(await records.give("gone")).toBe(false);
});

test("a user's own are told and deleted, given or not", async () => {
  const records = await open(forUser("ann", "a1"), forUser("ann", "a2"), forUser("bob", "b1"));
  await records.give("a1");
  const ids = (await Array.fromAsync(records.iterateByUser("ann"))).map(({ id }) => id);
  expect(ids.toSorted()).toEqual(["a1", "a2"]);
  expect(await records.deleteByUser("ann")).toBe(2);
  expect([await records.get("a1"), (await records.get("b1"))?.id]).toEqual([null, "b1"]);
});

test("what is over is deleted", async () => {
  const records = await open(forUser("ann", "a1", 1000), forUser("ann", "a2", 2000));
  await records.give("a1");
  expect(await records.expire(1000)).toBe(1);
  expect([await records.get("a1"), (await records.get("a2"))?.id]).toEqual([null, "a2"]);
});
