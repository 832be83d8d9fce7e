import * as z from "zod";

/** How many active conversations topics had in one hour; `id` is the hour ("2026-11-21T07"). */
export const StoredCoverageHour = z.object({
  id: z.string(),
  hourStartMs: z.number(),
  topics: z.array(
    z.object({ topicId: z.string(), simple: z.number(), medium: z.number(), complex: z.number() }),
  ),
});
export type StoredCoverageHour = z.infer<typeof StoredCoverageHour>;
