import type { Clock } from "../clock.ts";

/** What every adapter is made of. */
export interface VendorOptions {
  readonly model: string;
  /** Read before every call, so that a new key needs no restart. */
  readonly readKey: () => string;
  readonly baseUrl?: string | undefined;
  /** For a vendor that keeps marked beginnings of prompts when it is told to, and bills that by the hour. */
  readonly caching?: KeepingOptions | undefined;
}

export interface KeepingOptions {
  readonly clock: Clock;
  /** The shortest beginning that is kept. */
  readonly fromTokens: number;
}

/** Longer than any call may take: the gateway has limits of its own. */
export const CALL_LIMIT_MS = 10 * 60_000;
