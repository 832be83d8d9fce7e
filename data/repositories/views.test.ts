import { expect, test } from "vitest";
import type { StoredView } from "#schema/stored/view.ts";
import { openMemoryStore } from "./memory-store.fixture.ts";
import { openViews } from "./views.ts";

const view = (userId: string, conversationId: string, viewedAtMs = 1000): StoredView => ({
  id: `${userId}:${conversationId}`,
  userId,
  conversationId,
  topicId: `topic of ${conversationId}`,
  topicText: "Tea",
  cast: [{ slot: 0, archetype: "skeptic", chatlingId: "x", score: 7.5 }],
  viewedAtMs,
  expiresAtMs: viewedAtMs + 10_000,
});

async function openWith(...records: StoredView[]) {
  const views = await openViews(await openMemoryStore());
  for (const record of records) await views.record(record);
  return views;
}

test("of racing views of one conversation by one user exactly one is recorded", async () => {
  const views = await openWith();
  const racing = Array.from({ length: 10 }, (_, n) => views.record({ ...view("ann", "c1"), id: `v${n}` }));
  const recorded = await Promise.all(racing);
  expect(recorded.filter(Boolean)).toHaveLength(1);
  expect(await views.record(view("bob", "c1"))).toBe(true);
});

test("what a user has seen is told for the conversations asked about", async () => {
  const views = await openWith(view("ann", "c1"), view("ann", "c2"), view("bob", "c3"));
  expect(await views.hasSeen("ann", ["c1", "c3", "c4"])).toEqual(new Set(["c1"]));
  expect(await views.hasSeen("ann", [])).toEqual(new Set());
});

test("the latest views come newest first", async () => {
  const views = await openWith(
    view("ann", "c1", 10),
    view("ann", "c2", 30),
    view("ann", "c3", 20),
    view("bob", "c4", 99),
  );
  expect(await views.latest("ann", 2)).toMatchObject([{ conversationId: "c2" }, { conversationId: "c3" }]);
  expect(await views.recent("ann", 2)).toEqual([view("ann", "c2", 30), view("ann", "c3", 20)]);
});

test("the ids seen since a moment are all there, however many", async () => {
  const many = Array.from({ length: 1500 }, (_, n) => view("ann", `c${n}`, n));
  const views = await openWith();
  await Promise.all(many.map((each) => views.record(each)));
  const ids = await views.seenIds("ann", 200);
  expect(ids).toHaveLength(1300);
  expect(ids.at(-1)).toBe("c200");
});

test("an export has every view of the user, and a deletion leaves none", async () => {
  const views = await openWith(view("ann", "c1", 20), view("ann", "c2", 10), view("bob", "c1"));
  const exported: StoredView[] = [];
  for await (const each of views.iterateByUser("ann")) exported.push(each);
  expect(exported).toEqual([view("ann", "c2", 10), view("ann", "c1", 20)]);
  expect(await views.deleteByUser("ann")).toBe(2);
  expect(await views.seenIds("ann", 0)).toEqual([]);
  expect(await views.seenIds("bob", 0)).toEqual(["c1"]);
});

test("views expire", async () => {
  const views = await openWith(view("ann", "c1", 10), view("ann", "c2", 20));
  expect(await views.expire(10_010)).toBe(1);
  expect(await views.seenIds("ann", 0)).toEqual(["c2"]);
});
