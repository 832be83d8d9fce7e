/** An allowance that refills evenly: `capacity` at once, `perSecond` in the long run. */
export interface TokenBucket {
  /** Takes one token; false when none is left. */
  take(nowMs: number): boolean;
}

/** A full bucket, counting from `nowMs`. */
export function createTokenBucket(perSecond: number, capacity: number, nowMs: number): TokenBucket {
  let tokens = capacity;
  let countedAtMs = nowMs;
  return {
    take(atMs) {
      const passedMs = Math.max(0, atMs - countedAtMs);
      countedAtMs = atMs;
      tokens = Math.min(capacity, tokens + (passedMs / 1000) * perSecond);
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
  };
}
