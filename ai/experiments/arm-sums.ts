import type { StoredArmDay } from "#schema/stored/arm-day.ts";
import { createLatencyBins } from "./latency-bins.ts";

const COUNTS = [
  "tasks",
  "modelCalls",
  "costNanoUsd",
  "costSquares",
  "latencySumMs",
  "latencySquares",
  "refusals",
  "offline",
  "repairs",
  "conversations",
  "checked",
  "passed",
  "views",
  "finished",
] as const satisfies readonly (keyof StoredArmDay)[];

type Counts = Record<(typeof COUNTS)[number], number>;

/** What is known of an arm, but for its viewers: everything of it adds up over processes and days. */
export type ArmSums = Counts & { readonly latencyBins: number[] };

export function createArmSums(): ArmSums {
  const counts = Object.fromEntries(COUNTS.map((name) => [name, 0])) as Counts;
  return { ...counts, latencyBins: createLatencyBins() };
}

export function addArmDays(days: Iterable<ArmSums>): ArmSums {
  const sums = createArmSums();
  for (const day of days) {
    for (const name of COUNTS) sums[name] += day[name];
    for (const [bin, count] of day.latencyBins.entries()) {
      sums.latencyBins[bin] = (sums.latencyBins[bin] ?? 0) + count;
    }
  }
  return sums;
}
