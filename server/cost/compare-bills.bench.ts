import { costOf } from "#ai/catalogue/cost-of.ts";
import { SYSTEM_ACCOUNT, toDay, toMonth, toPurseId } from "#ai/gateway/ports.ts";
import type { VendorBill } from "#ai/providers/contract/serve-vendor.ts";
import { addTotals, type LedgerTotal } from "#data/repositories/ledger-total.ts";
import type { House } from "./open-house.bench.ts";

type Books = Pick<
  LedgerTotal,
  | "calls"
  | "estimates"
  | "uncachedInputTokens"
  | "cachedInputTokens"
  | "cacheWriteTokens"
  | "outputTokens"
  | "thinkingTokens"
  | "costNanoUsd"
>;

const FIELDS = [
  "calls",
  "estimates",
  "uncachedInputTokens",
  "cachedInputTokens",
  "cacheWriteTokens",
  "outputTokens",
  "thinkingTokens",
  "costNanoUsd",
] as const satisfies readonly (keyof Books)[];

/** What the vendor's own count comes to at the catalogue's price of that moment. */
export function priceBill({ usages }: VendorBill, { entry, clock }: House): Books {
  const sum = Object.fromEntries(FIELDS.map((field) => [field, 0])) as {
    -readonly [F in keyof Books]: number;
  };
  for (const usage of usages) {
    sum.calls++;
    sum.uncachedInputTokens += usage.uncachedInputTokens;
    sum.cachedInputTokens += usage.cachedInputTokens;
    sum.cacheWriteTokens += usage.cacheWriteTokens["5m"] + usage.cacheWriteTokens["1h"];
    sum.outputTokens += usage.outputTokens;
    sum.thinkingTokens += usage.thinkingTokens;
    sum.costNanoUsd += costOf(entry, usage, clock.nowMs()).nanoUsd;
  }
  return sum;
}

/** By how many calls, tokens and nano-dollars in all the ledger's days from then on differ from a bill. */
export async function differenceFromBooks(
  bill: Books,
  { repositories, clock }: House,
  startMs: number,
): Promise<number> {
  const days = new Set([toDay(startMs), toDay(clock.nowMs())]);
  const sums = await Promise.all([...days].map((day) => repositories.ledger.sumDay(day, [])));
  const books = addTotals(sums.flat());
  return FIELDS.reduce((sum, field) => sum + Math.abs(books[field] - bill[field]), 0);
}

/** What the server itself has spent this month by the ledger, and by how much its purse differs. */
export async function readServerAccount({ repositories, clock }: House) {
  const month = toMonth(clock.nowMs());
  const total = addTotals(await repositories.ledger.sumMonth(SYSTEM_ACCOUNT, month, []));
  const purse = await repositories.purses.get(toPurseId.month(SYSTEM_ACCOUNT, month));
  return { total, purseDifference: Math.abs((purse?.heldNanoUsd ?? 0) - total.costNanoUsd) };
}
