import * as z from "zod";

/** What one process saw of viewing in one hour: sums, so that all processes' records add up. */
export const StoredViewingHour = z.object({
  /** Of process and hour. */
  id: z.string(),
  /** Named anew at every start. */
  process: z.string(),
  hourStartMs: z.number(),
  /** Match scores of the castings, and how many. */
  scoreSum: z.number(),
  scoreCount: z.number(),
  /** A HyperLogLog sketch of the users, in base64: it tells how many they were, not who. */
  users: z.string(),
  updatedAtMs: z.number(),
});
export type StoredViewingHour = z.infer<typeof StoredViewingHour>;
