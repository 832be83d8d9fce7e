import type { StoredLedgerEntry } from "#schema/stored/ledger-entry.ts";
import type { Accounts } from "#data/repositories/accounts.ts";
import type { Ledger } from "#data/repositories/ledger.ts";
import { toRows } from "./to-rows.ts";
import { toUsd } from "./usd.ts";

export interface SpendingRecords {
  readonly ledger: Pick<Ledger, "iterateByAccount" | "sumMonths" | "sumMonth">;
  readonly accounts: Pick<Accounts, "get">;
}

/** What the server holds about one person's money: their months, every call that was paid for them, their budget. */
export async function exportSpending({ ledger, accounts }: SpendingRecords, userId: string) {
  const entries: StoredLedgerEntry[] = [];
  for await (const entry of ledger.iterateByAccount(userId)) entries.push(entry);
  const months = [];
  for (const total of await ledger.sumMonths(userId, "")) {
    const { month } = total.key;
    months.push({
      month,
      costUsd: toUsd(total.costNanoUsd),
      byProvider: toRows(await ledger.sumMonth(userId, month, ["provider"]), ["provider"]),
      byConversation: toRows(await ledger.sumMonth(userId, month, ["conversationId"]), ["conversationId"]),
    });
  }
  const account = await accounts.get(userId);
  return {
    usage: { months, entries: entries.toSorted((a, b) => a.atMs - b.atMs) },
    budget: account && {
      monthlyUsd: account.monthlyNanoUsd === undefined ? null : toUsd(account.monthlyNanoUsd),
      prepaidUsd: toUsd(account.prepaidNanoUsd),
      suspended: account.isSuspended,
      updatedAtMs: account.updatedAtMs,
    },
  };
}
