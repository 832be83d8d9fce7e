import type { ServerUsageReport, Spent } from "#schema/usage.ts";
import type { LedgerField, LedgerSum } from "#data/repositories/ledger.ts";
import { addTotals, type LedgerTotal } from "#data/repositories/ledger-total.ts";
import { toUsd } from "./usd.ts";

const promptTokens = (total: LedgerTotal): number =>
  total.uncachedInputTokens + total.cachedInputTokens + total.cacheWriteTokens;

export const toSpent = (total: LedgerTotal): Spent => ({
  calls: total.calls,
  costUsd: toUsd(total.costNanoUsd),
  inputTokens: promptTokens(total),
  cachedTokens: total.cachedInputTokens,
  outputTokens: total.outputTokens,
});

type Row<By extends LedgerField> = Record<By, string> & Spent;

/** A row for all sums with the same values of these fields, dearest first; what lacks one of them has no row. */
export function toRows<By extends LedgerField>(sums: readonly LedgerSum<By>[], by: readonly By[]): Row<By>[] {
  const named = sums.filter(({ key }) => by.every((field) => key[field] !== undefined));
  const groups = Map.groupBy(named, ({ key }) => JSON.stringify(by.map((field) => key[field])));
  const totals = [...groups.values()].map((group) => ({ key: group[0]!.key, total: addTotals(group) }));
  return totals
    .toSorted((a, b) => b.total.costNanoUsd - a.total.costNanoUsd)
    .map(({ key, total }) => {
      const names = Object.fromEntries(by.map((field) => [field, key[field]]));
      return { ...(names as Record<By, string>), ...toSpent(total) };
    });
}

type Totals = Pick<ServerUsageReport, "spentUsd" | "calls" | "estimates" | "tokens" | "cacheHitShare">;

/** What all reports begin with. */
export function toTotals(total: LedgerTotal): Totals {
  const input = promptTokens(total);
  return {
    spentUsd: toUsd(total.costNanoUsd),
    calls: total.calls,
    estimates: total.estimates,
    tokens: {
      input,
      cached: total.cachedInputTokens,
      cacheWrite: total.cacheWriteTokens,
      output: total.outputTokens,
      thinking: total.thinkingTokens,
    },
    cacheHitShare: input > 0 ? total.cachedInputTokens / input : null,
  };
}
