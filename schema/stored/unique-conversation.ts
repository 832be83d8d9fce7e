import * as z from "zod";
import { StoredConversation } from "./conversation.ts";

/** A conversation written for one user alone, who is in an experiment's arm for that; no part of the pool. */
export const StoredUniqueConversation = z.object({
  ...StoredConversation.shape,
  userId: z.string(),
  /** A seat or an answer was given for it, and nobody gets it again. */
  isGiven: z.boolean(),
});
export type StoredUniqueConversation = z.infer<typeof StoredUniqueConversation>;

/** A conversation of the pool, or one that is its user's alone. */
export type PlayedConversation = StoredConversation & { readonly userId?: string };

const PREFIX = "unique-";

export const toUniqueId = (id: string): string => `${PREFIX}${id}`;

/** Whether an id is of a unique conversation, and not of one of the pool. */
export const isUniqueId = (conversationId: string): boolean => conversationId.startsWith(PREFIX);
