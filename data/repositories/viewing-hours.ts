import { StoredViewingHour } from "#schema/stored/viewing-hour.ts";
import type { Store } from "../collection.ts";
import { defineCollection } from "../define-collection.ts";

const declaration = defineCollection({
  name: "viewingHours",
  version: 1,
  record: StoredViewingHour,
  indexes: {
    byProcessHour: { fields: ["process", "hourStartMs"], unique: true },
    byChange: { fields: ["updatedAtMs"] },
    byHour: { fields: ["hourStartMs"] },
  },
});

const MOST = 1_000;
/** Longer than anybody asks back. */
const LIFE_MS = 48 * 3_600_000;

export interface ViewingHours {
  /** Puts the hour in the place of what its process reported of it before. */
  keep(hour: StoredViewingHour): Promise<void>;
  /** Those reported at that moment or later, latest first. */
  changedSince(updatedAtMs: number): Promise<StoredViewingHour[]>;
  expire(nowMs: number): Promise<number>;
}

export async function openViewingHours(store: Store): Promise<ViewingHours> {
  const hours = await store.collection(declaration);
  return {
    async keep(hour) {
      const { scoreSum, scoreCount, users, updatedAtMs } = hour;
      await hours.upsert("byProcessHour", hour, { set: { scoreSum, scoreCount, users, updatedAtMs } });
    },
    async changedSince(updatedAtMs) {
      const query = { index: "byChange", range: { gte: updatedAtMs }, reverse: true } as const;
      return (await hours.find(query, { limit: MOST, paged: false })).items;
    },
    expire: async (nowMs) => await hours.deleteWhere({ index: "byHour", range: { lte: nowMs - LIFE_MS } }),
  };
}
