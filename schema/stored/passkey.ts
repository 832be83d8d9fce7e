import * as z from "zod";

/** A WebAuthn credential that signs its user in. `id` is the credential's own, base64url. */
export const StoredPasskey = z.object({
  id: z.string(),
  userId: z.string(),
  /** What the authenticator knows its user by; says nothing to anyone else. */
  userHandle: z.string(),
  /** The host name whose pages may use it. */
  rpId: z.string(),
  /** COSE key, base64url. */
  publicKey: z.string(),
  /** The highest signature count seen; 0 for authenticators that do not count. */
  counter: z.number(),
  transports: z.array(z.string()),
  /** Sealed. */
  label: z.string(),
  createdAtMs: z.number(),
});
export type StoredPasskey = z.infer<typeof StoredPasskey>;
