import { ProviderError } from "../provider-error.ts";

/** A part of a report: what was billed for the time that begins then. */
export interface BilledBucket {
  readonly startMs: number;
  /** Need not be whole. */
  readonly nanoUsd: number;
}

export interface ReportPage {
  /** Oldest first, over all pages. */
  readonly buckets: readonly BilledBucket[];
  /** What the next page is asked for by; undefined on the last. */
  readonly next: string | undefined;
}

/** A day takes one; a cursor that leads nowhere must not be followed for ever. */
const PAGES_AT_MOST = 10;

/** What the pages tell of one day; undefined when they tell nothing of it. @throws ProviderError */
export async function readBilledDay(
  provider: string,
  day: string,
  readPage: (cursor: string | undefined) => Promise<ReportPage>,
): Promise<number | undefined> {
  const startMs = Date.parse(day);
  let nanoUsd: number | undefined;
  let cursor: string | undefined;
  for (let pages = 0; pages < PAGES_AT_MOST; pages++) {
    const { buckets, next } = await readPage(cursor);
    for (const bucket of buckets) {
      if (bucket.startMs === startMs) nanoUsd = (nanoUsd ?? 0) + bucket.nanoUsd;
    }
    const isPast = buckets.some((bucket) => bucket.startMs > startMs);
    if (next === undefined || isPast) return nanoUsd === undefined ? undefined : Math.round(nanoUsd);
    cursor = next;
  }
  throw new ProviderError(provider, "malformed");
}
