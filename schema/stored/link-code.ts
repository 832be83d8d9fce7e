import * as z from "zod";

/** A one-time code that signs a second device in. `id` is the code's keyed hash; the code itself is kept nowhere. */
export const StoredLinkCode = z.object({
  id: z.string(),
  userId: z.string(),
  createdAtMs: z.number(),
  expiresAtMs: z.number(),
});
export type StoredLinkCode = z.infer<typeof StoredLinkCode>;
