import { StoredArmDay } from "#schema/stored/arm-day.ts";
import type { Store } from "../collection.ts";
import { defineCollection } from "../define-collection.ts";

const declaration = defineCollection({
  name: "armDays",
  version: 1,
  record: StoredArmDay,
  indexes: {
    byProcessArmDay: { fields: ["process", "experimentId", "armId", "dayStartMs"], unique: true },
    byExperimentDay: { fields: ["experimentId", "dayStartMs"] },
    byDay: { fields: ["dayStartMs"] },
  },
});

export const ARM_DAYS_KEPT = 90;
const LIFE_MS = ARM_DAYS_KEPT * 24 * 3_600_000;

export interface ArmDays {
  /** Puts the day in the place of what its process reported of it before. */
  keep(day: StoredArmDay): Promise<void>;
  /** Days of an experiment that began at that moment or later, of all arms and processes, oldest first. */
  since(experimentId: string, dayStartMs: number): AsyncIterable<StoredArmDay>;
  expire(nowMs: number): Promise<number>;
}

export async function openArmDays(store: Store): Promise<ArmDays> {
  const days = await store.collection(declaration);
  return {
    async keep(day) {
      const {
        id: _,
        process: _process,
        experimentId: _experiment,
        armId: _arm,
        dayStartMs: _day,
        ...seen
      } = day;
      await days.upsert("byProcessArmDay", day, { set: seen });
    },
    since: (experimentId, dayStartMs) =>
      days.iterate({ index: "byExperimentDay", equals: { experimentId }, range: { gte: dayStartMs } }),
    expire: async (nowMs) => await days.deleteWhere({ index: "byDay", range: { lte: nowMs - LIFE_MS } }),
  };
}
