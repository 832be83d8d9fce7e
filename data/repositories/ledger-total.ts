import type { StoredLedgerEntry } from "#schema/stored/ledger-entry.ts";

export const SUMMED = [
  "uncachedInputTokens",
  "cachedInputTokens",
  "cacheWriteTokens",
  "outputTokens",
  "thinkingTokens",
  "costNanoUsd",
  "prepaidNanoUsd",
] as const satisfies readonly (keyof StoredLedgerEntry)[];

/** What entries of the books come to. */
export type LedgerTotal = {
  readonly calls: number;
  /** Of the calls, those whose usage never arrived. */
  readonly estimates: number;
} & { readonly [Field in (typeof SUMMED)[number]]: number };

const NO_CALLS: LedgerTotal = {
  calls: 0,
  estimates: 0,
  uncachedInputTokens: 0,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 0,
  thinkingTokens: 0,
  costNanoUsd: 0,
  prepaidNanoUsd: 0,
};

const FIELDS = ["calls", "estimates", ...SUMMED] as const;

/** What several totals come to together. */
export function addTotals(totals: Iterable<LedgerTotal>): LedgerTotal {
  const sum = { ...NO_CALLS };
  for (const total of totals) for (const field of FIELDS) sum[field] += total[field];
  return sum;
}
