import { StoredTombstone } from "#schema/stored/tombstone.ts";
import type { Store } from "../collection.ts";
import { defineCollection } from "../define-collection.ts";

const declaration = defineCollection({
  name: "tombstones",
  version: 1,
  record: StoredTombstone,
  indexes: { byRemoval: { fields: ["removedAtMs"] } },
});

/** Longer than any conversation lives, so that no process can still hold one whose mark is gone. */
const KEPT_MS = 48 * 60 * 60 * 1000;

/** Marks of conversations taken out of the pool before their time, for the processes that hold them in memory. */
export interface Tombstones {
  record(conversationId: string, nowMs: number): Promise<void>;
  /** Those removed since then, oldest first. */
  after(sinceMs: number): Promise<{ conversationId: string; removedAtMs: number }[]>;
  expire(nowMs: number): Promise<number>;
}

export async function openTombstones(store: Store): Promise<Tombstones> {
  const tombstones = await store.collection(declaration);
  return {
    async record(conversationId, nowMs) {
      await tombstones.insertMany([{ id: conversationId, removedAtMs: nowMs }]);
    },
    async after(sinceMs) {
      const found: { conversationId: string; removedAtMs: number }[] = [];
      const query = { index: "byRemoval", range: { gte: sinceMs } } as const;
      for await (const { id, removedAtMs } of tombstones.iterate(query)) {
        found.push({ conversationId: id, removedAtMs });
      }
      return found;
    },
    expire: async (nowMs) => {
      return await tombstones.deleteWhere({ index: "byRemoval", range: { lte: nowMs - KEPT_MS } });
    },
  };
}
