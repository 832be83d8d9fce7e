import * as z from "zod";

/** What one process saw of one arm of an experiment on one day: sums, so that all records of an arm add up. */
export const StoredArmDay = z.object({
  /** Of process, arm and day. */
  id: z.string(),
  /** Named anew at every start. */
  process: z.string(),
  experimentId: z.string(),
  armId: z.string(),
  /** In UTC. */
  dayStartMs: z.number(),
  tasks: z.number(),
  modelCalls: z.number(),
  /** Of all tasks; with the sum of squares, from which their spread follows. */
  costNanoUsd: z.number(),
  costSquares: z.number(),
  latencySumMs: z.number(),
  latencySquares: z.number(),
  /** How many tasks took about how long. */
  latencyBins: z.array(z.number()),
  refusals: z.number(),
  offline: z.number(),
  repairs: z.number(),
  /** Conversations that were written; records of before count none. */
  conversations: z._default(z.number(), 0),
  /** Texts of models that were held against the quality gates, and those that passed. */
  checked: z.number(),
  passed: z.number(),
  /** Views, and those that went on to the last line. */
  views: z.number(),
  finished: z.number(),
  /** A HyperLogLog sketch of the viewers, in base64: it tells how many they were, not who. */
  users: z.string(),
  updatedAtMs: z.number(),
});
export type StoredArmDay = z.infer<typeof StoredArmDay>;
