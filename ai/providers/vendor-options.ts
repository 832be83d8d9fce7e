/** What every adapter is made of. */
export interface VendorOptions {
  readonly model: string;
  /** Read before every call, so that a new key needs no restart. */
  readonly readKey: () => string;
  readonly baseUrl?: string | undefined;
}

/** Longer than any call may take: the gateway has limits of its own. */
export const CALL_LIMIT_MS = 10 * 60_000;
