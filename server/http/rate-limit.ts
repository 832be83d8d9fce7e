import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { ApiError } from "./api-error.ts";
import type { LimitName } from "./route.ts";

/** Calls allowed per minute: of a user where one is known, else of an address. */
const PER_MINUTE: Record<LimitName, number> = {
  read: 600,
  write: 120,
  "sign-in": 10,
  "new-guest": 30,
  join: 300,
  "wrong-code": 300,
  "client-report": 10,
};

export interface RateLimits {
  /** @throws ApiError 429 with the time to wait */
  spend(limit: LimitName, key: string): Promise<void>;
  /** The same when nothing is left, but spends nothing. */
  check(limit: LimitName, key: string): Promise<void>;
}

/** Rate limits held in this process; `scale` multiplies all of them. */
export function createRateLimits(scale: number): RateLimits {
  const limiters = Object.fromEntries(
    Object.entries(PER_MINUTE).map(([name, perMinute]) => [
      name,
      new RateLimiterMemory({
        keyPrefix: name,
        points: Math.max(1, Math.round(perMinute * scale)),
        duration: 60,
      }),
    ]),
  ) as Record<LimitName, RateLimiterMemory>;
  return {
    async spend(limit, key) {
      try {
        await limiters[limit].consume(key);
      } catch (refusal) {
        throw refusal instanceof RateLimiterRes ? tooMany(refusal) : refusal;
      }
    },
    async check(limit, key) {
      const spent = await limiters[limit].get(key);
      if (spent && spent.remainingPoints <= 0) throw tooMany(spent);
    },
  };
}

const tooMany = ({ msBeforeNext }: RateLimiterRes): ApiError =>
  new ApiError(429, "too-many-requests", "Too many requests; wait a little and try again.", {
    retryAfterMs: msBeforeNext,
  });
