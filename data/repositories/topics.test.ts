import { expect, test } from "vitest";
import type { StoredTopic } from "#schema/stored/topic.ts";
import { openMemoryStore } from "./memory-store.fixture.ts";
import { openTopics } from "./topics.ts";

const topic = (
  id: string,
  source: StoredTopic["source"],
  createdAtMs: number,
  active = true,
): StoredTopic => ({
  id,
  key: `key of ${id}`,
  text: `Text of ${id}`,
  category: "daily life",
  sentiment: "neutral",
  source,
  active,
  createdAtMs,
});

const ids = (topics: readonly StoredTopic[]) => topics.map(({ id }) => id);

async function openWith(...records: StoredTopic[]) {
  const topics = await openTopics(await openMemoryStore());
  await topics.importMany(records);
  return topics;
}

test("importing what is there already changes nothing", async () => {
  const topics = await openWith(topic("a", "import", 1));
  const again = { ...topic("b", "feed", 2), key: "key of a" };
  expect(await topics.importMany([again, topic("c", "feed", 3)])).toEqual({ inserted: 1, existing: 1 });
  expect(await topics.get("a")).toEqual(topic("a", "import", 1));
  expect(await topics.get("b")).toBeNull();
  expect(await topics.count()).toBe(2);
});

test("the newest active topics are no starters, whatever their source", async () => {
  const topics = await openWith(
    topic("starter", "starter", 900),
    topic("old", "import", 100),
    topic("fed", "feed", 300),
    topic("said", "operator", 200),
    topic("asleep", "feed", 800, false),
  );
  expect(ids(await topics.newestActive(10))).toEqual(["fed", "said", "old"]);
  expect(ids(await topics.newestActive(2))).toEqual(["fed", "said"]);
  expect(ids(await topics.activeStarters())).toEqual(["starter"]);
});

test("a topic put to sleep is no longer drawn, and can be woken", async () => {
  const topics = await openWith(topic("a", "feed", 1), topic("b", "starter", 2));
  expect(await topics.setActive("a", false)).toMatchObject({ id: "a", active: false });
  await topics.setActive("b", false);
  expect(await topics.newestActive(5)).toEqual([]);
  expect(await topics.activeStarters()).toEqual([]);
  expect(ids((await topics.list({ active: false, limit: 5 })).items)).toEqual(["b", "a"]);
  await topics.setActive("a", true);
  expect(ids(await topics.newestActive(5))).toEqual(["a"]);
  expect(await topics.setActive("nothing", true)).toBeNull();
});

test("the list goes newest first, through all or only the active", async () => {
  const topics = await openWith(
    topic("a", "feed", 1),
    topic("b", "starter", 2, false),
    topic("c", "import", 3),
  );
  const first = await topics.list({ limit: 2 });
  expect(ids(first.items)).toEqual(["c", "b"]);
  expect(ids((await topics.list({ limit: 2, cursor: first.nextCursor })).items)).toEqual(["a"]);
  expect(ids((await topics.list({ limit: 5, active: true })).items)).toEqual(["c", "a"]);
  expect(await topics.remove("c")).toBe(true);
  expect(await topics.remove("c")).toBe(false);
});
