import { StoredCoverageHour } from "#schema/stored/coverage-hour.ts";
import type { Store } from "../collection.ts";
import { defineCollection } from "../define-collection.ts";

const declaration = defineCollection({
  name: "coverageHours",
  version: 1,
  record: StoredCoverageHour,
  indexes: { byHour: { fields: ["hourStartMs"], unique: true } },
});

/** A week. */
export const COVERAGE_HOURS_KEPT = 168;
const LIFE_MS = COVERAGE_HOURS_KEPT * 3_600_000;

export interface CoverageHours {
  /** Puts it in the place of what was known of that hour before. */
  keep(hour: StoredCoverageHour): Promise<void>;
  /** Hours that began at that moment or later, oldest first. */
  since(hourStartMs: number): Promise<StoredCoverageHour[]>;
  expire(nowMs: number): Promise<number>;
}

export async function openCoverageHours(store: Store): Promise<CoverageHours> {
  const hours = await store.collection(declaration);
  return {
    keep: async (hour) => void (await hours.upsert("byHour", hour, { set: { topics: hour.topics } })),
    async since(hourStartMs) {
      const query = { index: "byHour", range: { gte: hourStartMs } } as const;
      return (await hours.find(query, { limit: COVERAGE_HOURS_KEPT + 1, paged: false })).items;
    },
    expire: async (nowMs) => await hours.deleteWhere({ index: "byHour", range: { lte: nowMs - LIFE_MS } }),
  };
}
