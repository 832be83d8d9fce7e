import { createSigner, createVerifier, TokenError } from "fast-jwt";
import * as z from "zod";
import { ApiError } from "./http/api-error.ts";

/** What our own tokens say. `at` is when the token was made, in Unix milliseconds; `exp` is in seconds. */
const Claims = z.object({ sub: z.string(), at: z.number(), exp: z.number(), nbf: z.optional(z.number()) });
export type Claims = z.infer<typeof Claims>;

export interface Tokens {
  sign(userId: string, nowMs: number, lifeSeconds: number): string;
  /** @throws ApiError 401 for a token that is not ours, or expired more than `graceSeconds` ago */
  verify(token: string, nowMs: number, graceSeconds: number): Claims;
}

const ISSUER = "parley";

/**
 * Our own tokens: JWT, HS256. Every join and request checks one, so it is done at once instead of by a job in
 * Node's thread pool, which costs five times as much.
 */
export function createTokens(secret: Uint8Array): Tokens {
  const key = Buffer.from(secret);
  const sign = createSigner({ key, algorithm: "HS256", noTimestamp: true });
  const verify = createVerifier({
    key,
    algorithms: ["HS256"],
    allowedIss: ISSUER,
    requiredClaims: ["iss"],
    // Both are judged below, by the server's clock.
    ignoreExpiration: true,
    ignoreNotBefore: true,
  });
  return {
    sign(userId, nowMs, lifeSeconds) {
      const iat = Math.floor(nowMs / 1000);
      return sign({ iss: ISSUER, sub: userId, at: nowMs, iat, exp: iat + lifeSeconds });
    },
    verify(token, nowMs, graceSeconds) {
      const claims = Claims.safeParse(readPayload(verify, token));
      if (!claims.success) throw invalid(claims.error);
      if (claims.data.exp + graceSeconds <= nowMs / 1000) {
        throw new ApiError(401, "token-expired", "This token has expired; renew it.");
      }
      if ((claims.data.nbf ?? 0) > nowMs / 1000) throw invalid("not valid yet");
      return claims.data;
    },
  };
}

const invalid = (cause: unknown): ApiError =>
  new ApiError(401, "token-invalid", "This token is not valid here.", { cause });

function readPayload(verify: (token: string) => unknown, token: string): unknown {
  try {
    return verify(token);
  } catch (cause) {
    if (cause instanceof TokenError) throw invalid(cause);
    throw cause;
  }
}
