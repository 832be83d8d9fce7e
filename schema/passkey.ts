import * as z from "zod/mini";

/** HTTP shapes of passkeys (WebAuthn's own JSON forms, as far as they are used here) and of link codes. */

const base64Url = (maxLength: number) =>
  z.string().check(z.minLength(1), z.maxLength(maxLength), z.regex(/^[A-Za-z0-9_-]+$/));

/** WebAuthn allows credential ids of up to 1,023 bytes. */
const CredentialId = base64Url(1364);
const Transports = z.array(z.string().check(z.maxLength(32))).check(z.maxLength(16));

const CredentialDescriptor = z.object({
  type: z.literal("public-key"),
  id: z.string(),
  transports: z.exactOptional(Transports),
});

/** What `navigator.credentials.create` takes, by way of `parseCreationOptionsFromJSON`. */
export const PasskeyCreationOptions = z.object({
  rp: z.object({ id: z.string(), name: z.string() }),
  user: z.object({ id: z.string(), name: z.string(), displayName: z.string() }),
  challenge: z.string(),
  pubKeyCredParams: z.array(z.object({ type: z.literal("public-key"), alg: z.number() })),
  timeout: z.number(),
  excludeCredentials: z.array(CredentialDescriptor),
  authenticatorSelection: z.object({
    residentKey: z.literal("required"),
    requireResidentKey: z.literal(true),
    userVerification: z.literal("preferred"),
  }),
  attestation: z.literal("none"),
});
export type PasskeyCreationOptions = z.infer<typeof PasskeyCreationOptions>;

/** What `navigator.credentials.get` takes, by way of `parseRequestOptionsFromJSON`; the person picks the passkey. */
export const PasskeyRequestOptions = z.object({
  challenge: z.string(),
  timeout: z.number(),
  rpId: z.string(),
  userVerification: z.literal("preferred"),
});
export type PasskeyRequestOptions = z.infer<typeof PasskeyRequestOptions>;

/** A new credential as its `toJSON` gives it; what is not listed here is left out. */
export const PasskeyAttestation = z.object({
  id: CredentialId,
  rawId: CredentialId,
  type: z.literal("public-key"),
  response: z.object({
    clientDataJSON: base64Url(4096),
    attestationObject: base64Url(12_000),
    transports: z.exactOptional(Transports),
  }),
});
export type PasskeyAttestation = z.infer<typeof PasskeyAttestation>;

/** A credential's answer to a challenge as its `toJSON` gives it; what is not listed here is left out. */
export const PasskeyAssertion = z.object({
  id: CredentialId,
  rawId: CredentialId,
  type: z.literal("public-key"),
  response: z.object({
    clientDataJSON: base64Url(4096),
    authenticatorData: base64Url(4096),
    signature: base64Url(2048),
    userHandle: z.optional(z.nullable(base64Url(100))),
  }),
});
export type PasskeyAssertion = z.infer<typeof PasskeyAssertion>;

const PasskeyLabel = z.string().check(
  // Halves of characters, which databases treat differently, become U+FFFD.
  z.overwrite((text) => text.toWellFormed()),
  z.trim(),
  z.minLength(1),
  z.maxLength(40),
);

export const PasskeyRegistration = z.strictObject({
  response: PasskeyAttestation,
  label: z.exactOptional(PasskeyLabel),
});
export const PasskeySignIn = z.strictObject({ response: PasskeyAssertion });

/** A passkey as its owner sees it. */
export const Passkey = z.object({ id: z.string(), label: z.string(), createdAtMs: z.number() });
export type Passkey = z.infer<typeof Passkey>;

/** `POST /api/auth/link`: a one-time code that signs a second device in. */
export const LinkCode = z.object({ code: z.string(), expiresAtMs: z.number() });
export type LinkCode = z.infer<typeof LinkCode>;

/** A code as people type it; whatever is not a code gets the same answer as one that is wrong. */
export const LinkRedemption = z.strictObject({ code: z.string().check(z.maxLength(40)) });
