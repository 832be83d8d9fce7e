import * as z from "zod";

/** One user's having been given one conversation, unique by both: the record that decides every race. */
export const StoredView = z.object({
  id: z.string(),
  userId: z.string(),
  conversationId: z.string(),
  topicId: z.string(),
  topicText: z.string(),
  /** Who played what, and how well it fitted (0–10). */
  cast: z.array(
    z.object({ slot: z.number(), archetype: z.string(), chatlingId: z.string(), score: z.number() }),
  ),
  viewedAtMs: z.number(),
  /** Kept for 7 days, long after the conversation itself is gone. */
  expiresAtMs: z.number(),
});
export type StoredView = z.infer<typeof StoredView>;

/** The id of a view, which makes one user's seeing one conversation a single record. */
export const toViewId = (userId: string, conversationId: string): string => `${userId}:${conversationId}`;

/** The conversation that a view with this id, of this user, is of. */
export const toSeenId = (userId: string, viewId: string): string => viewId.slice(userId.length + 1);
