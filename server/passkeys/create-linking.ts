import { createHmac, randomBytes } from "node:crypto";
import type { LinkCode } from "#schema/passkey.ts";
import type { StoredUser } from "#schema/stored/user.ts";
import type { LinkCodes } from "#data/repositories/link-codes.ts";
import { ApiError } from "../http/api-error.ts";
import type { RateLimits } from "../http/rate-limit.ts";
import { deriveKey } from "./derive-key.ts";
import { requireGuest } from "./require-guest.ts";

export interface LinkingOptions {
  readonly linkCodes: LinkCodes;
  readonly getUser: (userId: string) => Promise<StoredUser | null>;
  readonly rateLimits: RateLimits;
  /** The secret that all processes share. */
  readonly secret: Uint8Array;
  readonly nowMs: () => number;
}

/** Carries an account to a second device. */
export interface Linking {
  /** A new one-time code; the user's older one is good no more. */
  create(userId: string): Promise<LinkCode>;
  /**
   * The id of the user whose code it is, for the first who asks.
   * @throws ApiError 422, the same for a code that is wrong, used or expired; 429 while too many are guessing
   */
  redeem(code: string): Promise<string>;
}

/** Crockford's 32 characters: none is taken for another once O is read as 0, and I and L as 1. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CODE_LENGTH = 8;
const CODE_LIFE_MS = 10 * 60_000;

export function createLinking(options: LinkingOptions): Linking {
  const { linkCodes, rateLimits, nowMs } = options;
  const key = deriveKey(options.secret, "link code");
  const hash = (code: string): string => createHmac("sha256", key).update(code).digest("base64url");

  async function take(code: string): Promise<string | null> {
    const taken = await linkCodes.take(hash(toPlainCode(code)), nowMs());
    const user = taken && (await options.getUser(taken.userId));
    // Whoever's tokens were revoked meanwhile does not come back in by a code from before.
    return user && taken.createdAtMs >= user.tokensValidFromMs ? user.id : null;
  }

  return {
    async create(userId) {
      requireGuest(await options.getUser(userId));
      const code = drawCode();
      const createdAtMs = nowMs();
      const expiresAtMs = createdAtMs + CODE_LIFE_MS;
      await linkCodes.replace({ id: hash(code), userId, createdAtMs, expiresAtMs });
      return { code, expiresAtMs };
    },
    async redeem(code) {
      // Beside the limit of each address: guesses from many addresses are bounded together.
      await rateLimits.check("wrong-code", "everybody");
      const userId = await take(code);
      if (userId !== null) return userId;
      await rateLimits.spend("wrong-code", "everybody");
      throw new ApiError(422, "link-code-invalid", "This code is wrong, was used, or has expired.");
    },
  };
}

function drawCode(): string {
  return Array.from(randomBytes(CODE_LENGTH), (byte) => ALPHABET[byte % ALPHABET.length]).join("");
}

/** As it was drawn, however it was typed. */
function toPlainCode(typed: string): string {
  return typed.toUpperCase().replaceAll(/[\s-]/g, "").replaceAll("O", "0").replaceAll(/[IL]/g, "1");
}
