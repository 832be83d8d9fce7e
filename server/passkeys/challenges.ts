import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { deriveKey } from "./derive-key.ts";

/** What a challenge is good for, and nothing else. */
export interface ChallengeUse {
  readonly purpose: "register" | "sign-in";
  readonly origin: string;
  /** Whose passkey it will be; nobody's yet when signing in. */
  readonly userId?: string;
}

/** A challenge of ours that has not expired. */
export interface GoodChallenge {
  /** Its own random part. */
  readonly id: string;
  readonly expiresAtMs: number;
}

export interface Challenges {
  issue(use: ChallengeUse): string;
  /** Null for one that was not issued for this use, or too long ago. */
  read(challenge: string, use: ChallengeUse): GoodChallenge | null;
}

/** How long a person may take to answer one. */
export const CHALLENGE_LIFE_MS = 5 * 60_000;

const NONCE_BYTES = 16;
const EXPIRY_BYTES = 6;
const SIGNED_BYTES = NONCE_BYTES + EXPIRY_BYTES;

/**
 * Challenges that carry their own end and signature, so that asking for one writes nothing and any process can
 * check it: 16 random bytes, when it ends, and an HMAC over both and its use.
 */
export function createChallenges(secret: Uint8Array, nowMs: () => number): Challenges {
  const key = deriveKey(secret, "passkey challenge");
  const sign = (signed: Buffer, { purpose, origin, userId = "" }: ChallengeUse): Buffer =>
    createHmac("sha256", key)
      .update(JSON.stringify([signed.toString("base64url"), purpose, origin, userId]))
      .digest();

  return {
    issue(use) {
      const signed = Buffer.alloc(SIGNED_BYTES);
      randomBytes(NONCE_BYTES).copy(signed);
      signed.writeUIntBE(nowMs() + CHALLENGE_LIFE_MS, NONCE_BYTES, EXPIRY_BYTES);
      return Buffer.concat([signed, sign(signed, use)]).toString("base64url");
    },
    read(challenge, use) {
      const bytes = Buffer.from(challenge, "base64url");
      const signed = bytes.subarray(0, SIGNED_BYTES);
      const expected = sign(signed, use);
      const given = bytes.subarray(SIGNED_BYTES);
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
      const expiresAtMs = signed.readUIntBE(NONCE_BYTES, EXPIRY_BYTES);
      if (expiresAtMs <= nowMs()) return null;
      return { id: signed.subarray(0, NONCE_BYTES).toString("base64url"), expiresAtMs };
    },
  };
}
