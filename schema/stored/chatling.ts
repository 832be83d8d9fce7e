import * as z from "zod";
import { ELEMENTS, RARITIES } from "../vocabulary.ts";

/** A creature of a user's collection; what the spec's matching reads. Traits are derived, never stored. */
export const StoredChatling = z.object({
  id: z.string(),
  ownerId: z.string(),
  /** Sealed, as are `personality` and `backstory`. */
  name: z.string(),
  personality: z.string(),
  backstory: z.string(),
  rarity: z.enum(RARITIES),
  element: z.enum(ELEMENTS),
  secondaryElement: z.nullable(z.enum(ELEMENTS)),
  active: z.boolean(),
  favorite: z.boolean(),
  /** The owner's own reactions to lines this chatling spoke, added once at a conversation's end. */
  ownReactions: z.number(),
  /** Id in the game it was imported from; unique per owner. */
  externalId: z.optional(z.string()),
  createdAtMs: z.number(),
});
export type StoredChatling = z.infer<typeof StoredChatling>;
