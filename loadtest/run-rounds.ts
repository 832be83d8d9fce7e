import type { BenchContext } from "./define-bench.ts";
import { createSeededRandom, shuffled } from "./seeded-random.ts";

/** One thing to measure: a sample per round. */
export type Arm<Sample> = (round: number) => Promise<Sample>;

/** Rounds of a full run, unless more are asked for. */
export const ROUNDS = 5;

/**
 * Measures every arm once a round, the arms of a round in an order drawn from the seeds, so that whatever drifts on
 * the machine hits all of them alike. Samples of one round stand at the same index.
 */
export async function runRounds<Name extends string, Sample>(
  context: BenchContext,
  arms: Readonly<Record<Name, Arm<Sample>>>,
  fullRounds = ROUNDS,
): Promise<Record<Name, Sample[]>> {
  const names = Object.keys(arms) as Name[];
  const samples = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, Sample[]>;
  const rounds = context.quick ? 1 : fullRounds;
  for (let round = 0; round < rounds; round++) {
    const seed = context.seeds[round % context.seeds.length];
    for (const name of shuffled(names, createSeededRandom(`${seed}:${round}`))) {
      context.progress(`round ${round + 1} of ${rounds}: ${name}`);
      samples[name].push(await arms[name](round));
    }
  }
  return samples;
}
