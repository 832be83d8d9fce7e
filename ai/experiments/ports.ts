import type { StoredArmDay } from "#schema/stored/arm-day.ts";

/** Daily reports of all processes. */
export interface ArmDaysPort {
  /** Puts the day in the place of what its process reported of it before. */
  keep(day: StoredArmDay): Promise<unknown>;
  /** Days of an experiment that began at that moment or later, of all arms and processes. */
  since(experimentId: string, dayStartMs: number): AsyncIterable<StoredArmDay>;
}
