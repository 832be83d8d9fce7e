import * as z from "zod";
import { USER_ROLES } from "../vocabulary.ts";

/** A person (or an operator's session owner) known to this server. */
export const StoredUser = z.object({
  id: z.string(),
  /** Sealed; operators search it by words. */
  name: z.string(),
  role: z.enum(USER_ROLES),
  origin: z.enum(["guest", "trusted", "imported"]),
  /** SHA-256 of issuer and subject, for users of a trusted issuer or imported ones. */
  subject: z.optional(z.string()),
  createdAtMs: z.number(),
  lastSeenAtMs: z.number(),
  /** Tokens issued before this moment are refused (Unix ms; 0: none revoked). */
  tokensValidFromMs: z.number(),
});
export type StoredUser = z.infer<typeof StoredUser>;
