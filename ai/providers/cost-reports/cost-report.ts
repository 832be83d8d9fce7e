import type { Clock } from "../../clock.ts";

/** What a vendor says it billed. */
export interface CostReport {
  readonly provider: string;
  /**
   * All that the account was billed for a day in UTC ("2026-11-22"), in whole nano-dollars; undefined while the vendor
   * tells nothing of that day.
   * @throws ProviderError
   */
  readDay(day: string, signal: AbortSignal): Promise<number | undefined>;
}

export interface CostReportOptions {
  /** An administrator's key: those that models are asked with do not open the vendor's books. */
  readonly readKey: () => string;
  /** The one models are asked at. */
  readonly baseUrl?: string | undefined;
  readonly clock: Clock;
}

/** A path below an address that may end in a slash. */
export const below = (baseUrl: string, path: string): URL =>
  new URL(`${baseUrl.replace(/\/+$/, "")}/${path}`);
