import { verifyAuthenticationResponse, verifyRegistrationResponse } from "@simplewebauthn/server";
import { COSEALG, decodeAttestationObject, decodeClientDataJSON } from "@simplewebauthn/server/helpers";
import type { PasskeyAssertion, PasskeyAttestation } from "#schema/passkey.ts";
import type { StoredPasskey } from "#schema/stored/passkey.ts";
import type { RelyingParty } from "./relying-party.ts";

/** Kinds of keys that are taken, the dearest first. */
export const ALGORITHMS: readonly number[] = [COSEALG.EdDSA, COSEALG.ES256, COSEALG.RS256];

/** What a new credential says of itself. */
export type Attested = Pick<StoredPasskey, "id" | "publicKey" | "counter">;

/** The challenge a response claims to answer; null when it cannot be read. */
export function readChallenge({ response }: PasskeyAttestation | PasskeyAssertion): string | null {
  try {
    const { challenge } = decodeClientDataJSON(response.clientDataJSON);
    return typeof challenge === "string" ? challenge : null;
  } catch {
    return null;
  }
}

/** The credential of a registration that answers this challenge for this page; null when anything is wrong. */
export async function verifyAttestation(
  attestation: PasskeyAttestation,
  challenge: string,
  { origin, rpId }: RelyingParty,
): Promise<Attested | null> {
  try {
    if (!isPlain(attestation)) return null;
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: { ...attestation, clientExtensionResults: {} },
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: rpId,
      requireUserVerification: false,
      supportedAlgorithmIDs: [...ALGORITHMS],
    });
    if (!verified) return null;
    const { id, publicKey, counter } = registrationInfo.credential;
    // What the authenticator signed counts, not what the page says beside it.
    if (id !== attestation.id) return null;
    return { id, publicKey: Buffer.from(publicKey).toString("base64url"), counter };
  } catch {
    // The library says by a bare Error whatever is wrong with a response.
    return null;
  }
}

/** The signature count of an assertion by this passkey for this challenge and page; null when anything is wrong. */
export async function verifyAssertion(
  { id, rawId, type, response }: PasskeyAssertion,
  challenge: string,
  { origin, rpId }: RelyingParty,
  { publicKey, counter }: StoredPasskey,
): Promise<number | null> {
  try {
    const { clientDataJSON, authenticatorData, signature } = response;
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: {
        id,
        rawId,
        type,
        response: { clientDataJSON, authenticatorData, signature },
        clientExtensionResults: {},
      },
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: rpId,
      credential: { id, publicKey: Uint8Array.from(Buffer.from(publicKey, "base64url")), counter },
      requireUserVerification: false,
    });
    return verified ? authenticationInfo.newCounter : null;
  } catch {
    return null;
  }
}

/** No statement, or a self-signed one: with certificates the library would fetch from addresses named in them. */
function isPlain({ response }: PasskeyAttestation): boolean {
  const decoded = decodeAttestationObject(
    Uint8Array.from(Buffer.from(response.attestationObject, "base64url")),
  );
  const format = decoded.get("fmt");
  return format === "none" || (format === "packed" && decoded.get("attStmt").get("x5c") === undefined);
}
