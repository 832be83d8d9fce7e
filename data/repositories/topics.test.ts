import { expect, onTestFinished, test } from "vitest";
import * as z from "zod/mini";
import { StoredTopic, type TopicMaterial } from "#schema/stored/topic.ts";
import { defineCollection } from "../define-collection.ts";
import { openStore } from "../open.ts";
import { makeTemporaryDirectory } from "../temporary-directory.fixture.ts";
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

const tea: TopicMaterial = {
  kind: "food",
  sober: false,
  name: { text: "tea", many: false },
  facts: [],
  aspects: [],
};

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

test("starters get today's material at every start, and stay as asleep as they were", async () => {
  const starter = { ...topic("a", "starter", 1), material: tea };
  const topics = await openWith(topic("b", "feed", 1));
  await topics.putStarters([starter, { ...starter, id: "c", key: "key of b" }]);
  expect(await topics.get("a")).toEqual(starter);
  expect(await topics.get("c")).toBeNull();
  await topics.setActive("a", false);
  const mended = { ...starter, createdAtMs: 9, text: "Tea", material: { ...tea, facts: ["tea cools"] } };
  await topics.putStarters([mended]);
  expect(await topics.get("a")).toEqual({ ...mended, createdAtMs: 1, active: false });
});

test("a store of the first version opens, and its starters get today's material", async () => {
  const dataDir = makeTemporaryDirectory();
  const open = async () => await openStore({ dataDir, dataKey: Buffer.alloc(32, 5) });
  const old = await open();
  const record = z.object({ ...StoredTopic.shape, material: z.object({ pro: z.array(z.string()) }) });
  const indexes = { byKey: { fields: ["key"], unique: true } } as const;
  const before = await old.collection(defineCollection({ name: "topics", version: 1, record, indexes }));
  await before.insert({ ...topic("a", "starter", 1), material: { pro: ["tea warms"] } });
  await old.close();

  const store = await open();
  onTestFinished(async () => await store.close());
  const topics = await openTopics(store);
  expect(await topics.get("a")).toEqual(topic("a", "starter", 1));
  await topics.putStarters([{ ...topic("a", "starter", 2), material: tea }]);
  expect(await topics.get("a")).toEqual({ ...topic("a", "starter", 1), material: tea });
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
