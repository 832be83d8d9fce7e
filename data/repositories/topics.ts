import { isDeepStrictEqual } from "node:util";
import { StoredTopic } from "#schema/stored/topic.ts";
import type { Page, Store } from "../collection.ts";
import { defineCollection } from "../define-collection.ts";
import { type PageRequest, toFindOptions } from "./page-request.ts";

const declaration = defineCollection({
  name: "topics",
  version: 2,
  // Only starters carry material, and get today's at every start.
  migrations: { 1: withoutMaterial },
  record: StoredTopic,
  indexes: {
    byKey: { fields: ["key"], unique: true },
    byCreation: { fields: ["createdAtMs"] },
    byActive: { fields: ["active", "createdAtMs"] },
    bySource: { fields: ["active", "source", "createdAtMs"] },
  },
});

type TopicSource = StoredTopic["source"];

const NEWS: readonly TopicSource[] = ["import", "feed", "operator"];
/** More starters than this are not drawn from. */
const MOST_STARTERS = 1_000;

export interface Topics {
  /** Adds those whose key is new; the others stay as they are. */
  importMany(topics: readonly StoredTopic[]): Promise<{ inserted: number; existing: number }>;
  /** Adds the starters that are new, and gives the others today's text and material; whoever sleeps sleeps on. */
  putStarters(starters: readonly StoredTopic[]): Promise<void>;
  get(id: string): Promise<StoredTopic | null>;
  /** Newest first. */
  list(request: PageRequest & { readonly active?: boolean | undefined }): Promise<Page<StoredTopic>>;
  /** The newest active ones that are not starters, newest first. */
  newestActive(limit: number): Promise<StoredTopic[]>;
  activeStarters(): Promise<StoredTopic[]>;
  setActive(id: string, active: boolean): Promise<StoredTopic | null>;
  remove(id: string): Promise<boolean>;
  count(): Promise<number>;
}

export async function openTopics(store: Store): Promise<Topics> {
  const topics = await store.collection(declaration);
  const newestActiveOf = async (source: TopicSource, limit: number) => {
    const query = { index: "bySource", equals: { active: true, source }, reverse: true } as const;
    return (await topics.find(query, { limit })).items;
  };
  return {
    async importMany(records) {
      const { inserted, duplicates } = await topics.insertMany(records);
      return { inserted, existing: duplicates.length };
    },
    async putStarters(starters) {
      const { duplicates } = await topics.insertMany(starters);
      const known = new Map((await topics.getMany(duplicates)).map((topic) => [topic.id, topic]));
      for (const { id, text, category, sentiment, material } of starters) {
        const stored = known.get(id);
        const today = { text, category, sentiment, ...(material && { material }) };
        if (!stored || isDeepStrictEqual({ ...stored, ...today }, stored)) continue;
        await topics.patch(id, { set: today });
      }
    },
    get: async (id) => await topics.get(id),
    async list({ active, ...request }) {
      const options = toFindOptions(request);
      if (active === undefined) return await topics.find({ index: "byCreation", reverse: true }, options);
      return await topics.find({ index: "byActive", equals: { active }, reverse: true }, options);
    },
    async newestActive(limit) {
      const bySource = await Promise.all(NEWS.map((source) => newestActiveOf(source, limit)));
      const news = bySource.flat().sort((a, b) => b.createdAtMs - a.createdAtMs || (a.id < b.id ? 1 : -1));
      return news.slice(0, limit);
    },
    activeStarters: async () => await newestActiveOf("starter", MOST_STARTERS),
    setActive: async (id, active) => await topics.patch(id, { set: { active } }),
    remove: async (id) => await topics.delete(id),
    count: async () => await topics.count({ index: "byCreation" }),
  };
}

function withoutMaterial(topic: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(topic).filter(([field]) => field !== "material"));
}
