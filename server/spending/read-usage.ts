import type { UsageReport } from "#schema/usage.ts";
import { type AccountsPort, toMonth, toPurseId } from "#ai/gateway/ports.ts";
import type { Ledger } from "#data/repositories/ledger.ts";
import { addTotals } from "#data/repositories/ledger-total.ts";
import type { Purses } from "#data/repositories/purses.ts";
import { monthBounds } from "./month-bounds.ts";
import { toRows, toTotals } from "./to-rows.ts";
import { toUsd } from "./usd.ts";

export interface UsageDeps {
  readonly ledger: Pick<Ledger, "sumMonth" | "sumMonths" | "prepaidSpent">;
  readonly purses: Pick<Purses, "reached">;
  readonly accounts: AccountsPort;
}

const MOST_CONVERSATIONS = 100;
const MONTHS_BACK = 11;
const DAY_MS = 86_400_000;

/** Of a limit, which is as good as all of it once a call was refused. */
const END_SHARE = 0.9;

/** One account's month as its owner sees it. */
export async function readUsage(
  { ledger, purses, accounts }: UsageDeps,
  accountId: string,
  month: string,
  nowMs: number,
): Promise<UsageReport> {
  const terms = await accounts.terms(accountId);
  const sums = await ledger.sumMonth(accountId, month, ["provider", "model", "task"]);
  const conversations = await ledger.sumMonth(accountId, month, ["conversationId"]);
  const personas = await ledger.sumMonth(accountId, month, ["personaId"]);
  const months = await ledger.sumMonths(accountId, monthsBefore(nowMs, MONTHS_BACK));
  const alerts = await purses.reached(toPurseId.month(accountId, month));
  const prepaidLeft = Math.max(0, terms.prepaidNanoUsd - (await ledger.prepaidSpent(accountId)));

  const total = addTotals(sums);
  const ofLimit = total.costNanoUsd - total.prepaidNanoUsd;
  // What a call might cost is set aside before it is made, so the end is met a little before the limit.
  const wasRefused = alerts.some(({ percent }) => percent === 100);
  const isUsedUp = ofLimit >= terms.monthlyNanoUsd * (wasRefused ? END_SHARE : 1);
  const isSuspended = terms.isSuspended || (isUsedUp && prepaidLeft === 0);
  return {
    month,
    ...toTotals(total),
    spentPrepaidUsd: toUsd(total.prepaidNanoUsd),
    limitUsd: toUsd(terms.monthlyNanoUsd),
    prepaidUsd: toUsd(prepaidLeft),
    status: isSuspended ? "suspended" : "active",
    alerts,
    projectedUsd: project(total.costNanoUsd, month, nowMs),
    byProvider: toRows(sums, ["provider"]),
    byModel: toRows(sums, ["provider", "model"]),
    byTask: toRows(sums, ["task"]),
    byConversation: toRows(conversations, ["conversationId"]).slice(0, MOST_CONVERSATIONS),
    byPersona: toRows(personas, ["personaId"]),
    months: toRows(months, ["month"])
      .filter(({ costUsd }) => costUsd > 0)
      .toSorted((a, b) => (a.month < b.month ? -1 : 1)),
  };
}

function monthsBefore(nowMs: number, count: number): string {
  const now = new Date(nowMs);
  return toMonth(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - count));
}

/** What the month comes to when the rest of it is like what has passed; null while too little has. */
function project(costNanoUsd: number, month: string, nowMs: number): number | null {
  const { startMs, endMs } = monthBounds(month);
  const passedMs = Math.min(nowMs, endMs) - startMs;
  if (passedMs < DAY_MS) return null;
  return toUsd(Math.round((costNanoUsd * (endMs - startMs)) / passedMs));
}
