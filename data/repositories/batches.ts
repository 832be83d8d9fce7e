import { StoredBatch } from "#schema/stored/batch.ts";
import type { Store } from "../collection.ts";
import { defineCollection } from "../define-collection.ts";

const declaration = defineCollection({
  name: "batches",
  version: 1,
  record: StoredBatch,
  indexes: { byHour: { fields: ["hourStartMs"], unique: true } },
});

const MOST_HOURS = 1_000;

/** The account of each hour's generation. */
export interface Batches {
  /** Adds to the hour's counts; `wanted` is taken as it is now. */
  report(batch: StoredBatch): Promise<void>;
  /** Hours that began at `sinceMs` or later, newest first. */
  recent(sinceMs: number): Promise<StoredBatch[]>;
}

export async function openBatches(store: Store): Promise<Batches> {
  const batches = await store.collection(declaration);
  return {
    async report(batch) {
      const { wanted, written, failed, updatedAtMs } = batch;
      await batches.upsert("byHour", batch, {
        set: { wanted },
        increment: { written, failed },
        max: { updatedAtMs },
      });
    },
    async recent(sinceMs) {
      const query = { index: "byHour", range: { gte: sinceMs }, reverse: true } as const;
      return (await batches.find(query, { limit: MOST_HOURS })).items;
    },
  };
}
