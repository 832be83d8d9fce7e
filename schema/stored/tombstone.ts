import * as z from "zod";

/** Tells other processes that a conversation was taken out of the pool before its time. `id` is the conversation's. */
export const StoredTombstone = z.object({
  id: z.string(),
  removedAtMs: z.number(),
});
export type StoredTombstone = z.infer<typeof StoredTombstone>;
