import { expect, test } from "vitest";
import type { PoolEntry, StoredConversation } from "#schema/stored/conversation.ts";
import { openConversations } from "./conversations.ts";
import { openMemoryStore } from "./memory-store.fixture.ts";

const HOUR_MS = 3_600_000;

const conversation = (n: number, changes: Partial<StoredConversation> = {}): StoredConversation => ({
  id: `c${n}`,
  batchSlot: `2026-11-21T07#${String(n).padStart(3, "0")}`,
  createdAtMs: 1000 + n,
  expiresAtMs: 5000 + n,
  topicId: "tea",
  topicText: "Is tea better cold?",
  category: "food",
  participantCount: 2,
  difficulty: "simple",
  overallSentiment: "mixed",
  generationMethod: "template",
  viewCount: 0,
  roles: [
    {
      slot: 0,
      archetype: "skeptic",
      requiredTraits: { personality: ["dry"], element: "water" },
      traitWeights: { personality: 0.6, element: 0.2, rarity: 0.2 },
    },
  ],
  messages: [{ order: 0, slot: 0, text: "Never, {slot:1}.", sentiment: "negative" }],
  ...changes,
});

function entryOf(record: StoredConversation): PoolEntry {
  const { id, createdAtMs, expiresAtMs, topicId, participantCount, difficulty } = record;
  return { id, createdAtMs, expiresAtMs, topicId, participantCount, difficulty };
}

async function openWith(...records: StoredConversation[]) {
  const conversations = await openConversations(await openMemoryStore());
  await conversations.insertMany(records);
  return conversations;
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

test("a slot of a batch is written once, so a crashed batch is completed and never doubled", async () => {
  const conversations = await openWith(conversation(1), conversation(2));
  const repeated = { ...conversation(2), id: "another" };
  expect(await conversations.insertMany([repeated, conversation(3)])).toEqual({
    inserted: 1,
    duplicates: ["another"],
  });
  const next = conversation(9, { batchSlot: "2026-11-21T08#001" });
  await conversations.insertMany([next]);
  expect(await conversations.batchSlotsOfHour("2026-11-21T07")).toEqual(
    new Set(["2026-11-21T07#001", "2026-11-21T07#002", "2026-11-21T07#003"]),
  );
  expect(await conversations.countByHour("2026-11-21T08")).toBe(1);
  expect(await conversations.countByHour("2026-11-21T0")).toBe(0);
});

test("active entries hold tags and no texts, soonest to expire first", async () => {
  const [early, late] = [conversation(1), conversation(2, { expiresAtMs: 9000 })];
  const conversations = await openWith(late, early, conversation(3, { expiresAtMs: 4000 }));
  expect(await collect(conversations.iterateActiveEntries(4000))).toEqual([entryOf(early), entryOf(late)]);
});

test("all active entries come, however many", async () => {
  const records = Array.from({ length: 1200 }, (_, n) => conversation(n));
  const conversations = await openWith(...records);
  const entries = await collect(conversations.iterateActiveEntries(0));
  expect(new Set(entries.map(({ id }) => id)).size).toBe(1200);
});

test("what was created since a moment comes oldest first", async () => {
  const conversations = await openWith(conversation(3), conversation(1), conversation(2));
  expect(await conversations.createdAfter(1002, 10)).toEqual([
    { id: "c2", createdAtMs: 1002 },
    { id: "c3", createdAtMs: 1003 },
  ]);
  expect(await conversations.createdAfter(1001, 1)).toEqual([{ id: "c1", createdAtMs: 1001 }]);
});

test("of several asked for, those that are there are read", async () => {
  const conversations = await openWith(conversation(1), conversation(2));
  expect(await conversations.getMany(["c2", "gone"])).toEqual([conversation(2)]);
});

test("a removed conversation leaves a tombstone for two days", async () => {
  const conversations = await openWith(conversation(1), conversation(2));
  expect(await conversations.remove("c1", 7000)).toBe(true);
  expect(await conversations.remove("c1", 8000)).toBe(false);
  expect(await conversations.get("c1")).toBeNull();
  expect(await conversations.tombstonesAfter(7000)).toEqual([{ conversationId: "c1", removedAtMs: 7000 }]);
  expect(await conversations.tombstonesAfter(7001)).toEqual([]);
  await conversations.expire(6000 + 48 * HOUR_MS);
  expect(await conversations.tombstonesAfter(0)).toHaveLength(1);
  await conversations.expire(7000 + 48 * HOUR_MS);
  expect(await conversations.tombstonesAfter(0)).toEqual([]);
});

test("what has expired is deleted, to the millisecond", async () => {
  const conversations = await openWith(conversation(1), conversation(2), conversation(3));
  expect(await conversations.expire(5002)).toBe(2);
  expect((await conversations.list({ limit: 5 })).items).toEqual([conversation(3)]);
});

test("views are added up, and those of conversations that are gone do no harm", async () => {
  const conversations = await openWith(conversation(1), conversation(2));
  await conversations.addViews(
    new Map([
      ["c1", 3],
      ["gone", 9],
    ]),
  );
  await conversations.addViews(new Map([["c1", 2]]));
  expect(await conversations.get("c1")).toEqual(conversation(1, { viewCount: 5 }));
  expect(await conversations.get("c2")).toEqual(conversation(2));
});

test("view counts are those of conversations that have not expired", async () => {
  const conversations = await openWith(
    conversation(1, { expiresAtMs: 4000 }),
    conversation(2, { expiresAtMs: 5000 }),
    conversation(3, { expiresAtMs: 6000 }),
  );
  await conversations.addViews(
    new Map([
      ["c1", 7],
      ["c3", 2],
    ]),
  );
  expect(await collect(conversations.iterateViewCounts(4000))).toEqual([
    { id: "c2", viewCount: 0 },
    { id: "c3", viewCount: 2 },
  ]);
});
