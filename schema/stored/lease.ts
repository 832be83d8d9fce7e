import * as z from "zod";

/** A named right that one process holds at a time, until it lapses. `id` is the name. */
export const StoredLease = z.object({
  id: z.string(),
  owner: z.string(),
  untilMs: z.number(),
});
export type StoredLease = z.infer<typeof StoredLease>;
