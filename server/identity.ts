import { createHash } from "node:crypto";
import { createRemoteJWKSet, errors, jwtVerify, type JWTVerifyGetKey, type JWTVerifyOptions } from "jose";
import type { Clock } from "#ai/clock.ts";
import type { TrustedIssuer } from "./config.ts";

/** A person as a trusted issuer's token names them. */
export interface TrustedIdentity {
  readonly userId: string;
  readonly subject: string;
  readonly name: string | undefined;
  /** When the issuer made the token (Unix ms; 0 when it does not say). */
  readonly issuedAtMs: number;
}

/** @throws JOSEError for a token that is not good, IssuerUnreachableError when that cannot be told */
export type VerifyTrusted = (token: string) => Promise<TrustedIdentity>;

/** The issuer's public keys cannot be read now. */
export class IssuerUnreachableError extends Error {
  override readonly name = "IssuerUnreachableError";
}

// Asymmetric only: a shared secret must never be accepted where public keys are configured.
const JWKS_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"];
/** What a key set that was read says of a token's header. */
const UNFIT = [errors.JWKSNoMatchingKey, errors.JWKSMultipleMatchingKeys, errors.JOSENotSupported];

/** Verifies tokens of a game's own users; the algorithm family is pinned by the kind of key configured. */
export function createTrustedVerifier(trusted: TrustedIssuer, clock: Clock): VerifyTrusted {
  const { issuer, audience } = trusted;
  const verify =
    "secret" in trusted.key
      ? withSecret(new TextEncoder().encode(trusted.key.secret))
      : withKeySet(
          withReachability(createRemoteJWKSet(new URL(trusted.key.jwksUrl), { timeoutDuration: 3000 })),
        );
  return async (token) => {
    const { payload } = await verify(token, {
      issuer,
      audience,
      requiredClaims: ["sub", "exp"],
      currentDate: new Date(clock.nowMs()),
    });
    const { sub: subject } = payload;
    // Else all whom the issuer does not name would be one person.
    if (typeof subject !== "string" || subject === "") throw new errors.JWTInvalid("sub must be a text");
    const name = typeof payload["name"] === "string" ? payload["name"].trim().slice(0, 40) : "";
    return {
      ...toTrustedUserId(issuer, subject),
      name: name || undefined,
      issuedAtMs: (payload.iat ?? 0) * 1000,
    };
  };
}

/** Id and subject hash of a trusted issuer's user: a function of issuer and subject alone. */
export function toTrustedUserId(issuer: string, subject: string): { userId: string; subject: string } {
  const hash = createHash("sha256")
    .update(JSON.stringify([issuer, subject]))
    .digest("base64url");
  return { userId: `x${hash.slice(0, 26)}`, subject: hash };
}

function withSecret(secret: Uint8Array) {
  return (token: string, expected: JWTVerifyOptions) =>
    jwtVerify(token, secret, { ...expected, algorithms: ["HS256"] });
}

function withKeySet(keys: JWTVerifyGetKey) {
  return (token: string, expected: JWTVerifyOptions) =>
    jwtVerify(token, keys, { ...expected, algorithms: JWKS_ALGORITHMS });
}

/** Tells keys that could not be had from those that do not fit. */
function withReachability(keys: JWTVerifyGetKey): JWTVerifyGetKey {
  return async (header, token) => {
    try {
      return await keys(header, token);
    } catch (cause) {
      if (UNFIT.some((kind) => cause instanceof kind)) throw cause;
      throw new IssuerUnreachableError("the issuer's keys cannot be read", { cause });
    }
  };
}
