import * as z from "zod";
import { ELEMENTS, RARITIES } from "../vocabulary.ts";

/** What casting needs of one active chatling, derived from its record. */
export const CastSheetEntry = z.object({
  id: z.string(),
  name: z.string(),
  favorite: z.boolean(),
  ownReactions: z.number(),
  rarity: z.enum(RARITIES),
  element: z.enum(ELEMENTS),
  secondaryElement: z.nullable(z.enum(ELEMENTS)),
  traits: z.array(z.string()),
});
export type CastSheetEntry = z.infer<typeof CastSheetEntry>;

/**
 * A user's collection as casting reads it, in one record: reading five sealed chatlings for every newcomer would
 * cost more than all the rest of a join. Derived, so it may be lost at any time.
 */
export const StoredCastSheet = z.object({
  /** The owner's id. */
  id: z.string(),
  ownerId: z.string(),
  /** Grows with every change of the collection; a sheet made from an older one is not kept. */
  revision: z.number(),
  /** Sealed; absent after a change, until somebody reads the collection anew. */
  entries: z.optional(z.array(CastSheetEntry)),
});
export type StoredCastSheet = z.infer<typeof StoredCastSheet>;
