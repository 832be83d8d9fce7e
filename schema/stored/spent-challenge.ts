import * as z from "zod";

/** A challenge that was answered and must not be again. `id` is the challenge's own random part. */
export const StoredSpentChallenge = z.object({
  id: z.string(),
  expiresAtMs: z.number(),
});
export type StoredSpentChallenge = z.infer<typeof StoredSpentChallenge>;
