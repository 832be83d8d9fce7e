import type { BudgetCard, BudgetChange } from "#schema/usage.ts";
import { toMonth, toPurseId } from "#ai/gateway/ports.ts";
import type { Accounts } from "#data/repositories/accounts.ts";
import type { Ledger } from "#data/repositories/ledger.ts";
import type { Purses } from "#data/repositories/purses.ts";
import type { Log } from "../log.ts";
import type { AccountBook, AccountState } from "./account-terms.ts";
import { fromUsd, toUsd } from "./usd.ts";

export interface BudgetDeskDeps {
  readonly terms: Pick<AccountBook, "read">;
  readonly accounts: Pick<Accounts, "put">;
  readonly ledger: Pick<Ledger, "sumMonth" | "prepaidSpent">;
  readonly purses: Pick<Purses, "clearAlerts">;
  /** So that nobody goes by what the account was allowed before. */
  readonly onChanged: (accountId: string) => void;
  readonly nowMs: () => number;
  readonly log: Pick<Log, "info">;
}

/** What operators see of accounts' money, and change. */
export interface BudgetDesk {
  /** Null when there is no such account. */
  read(accountId: string): Promise<BudgetCard | null>;
  /** The account as it is then; null when there is none. */
  change(operatorId: string, accountId: string, change: BudgetChange): Promise<BudgetCard | null>;
}

export function createBudgetDesk(deps: BudgetDeskDeps): BudgetDesk {
  const { terms, accounts, ledger, purses, onChanged, nowMs, log } = deps;

  async function toCard(accountId: string, { account, defaultNanoUsd }: AccountState): Promise<BudgetCard> {
    const month = toMonth(nowMs());
    const [total] = await ledger.sumMonth(accountId, month, []);
    const prepaid = account?.prepaidNanoUsd ?? 0;
    const prepaidLeft = Math.max(0, prepaid - (await ledger.prepaidSpent(accountId)));
    return {
      accountId,
      month,
      monthlyUsd: account?.monthlyNanoUsd === undefined ? null : toUsd(account.monthlyNanoUsd),
      defaultMonthlyUsd: toUsd(defaultNanoUsd),
      prepaidUsd: toUsd(prepaid),
      prepaidLeftUsd: toUsd(prepaidLeft),
      spentUsd: toUsd(total?.costNanoUsd ?? 0),
      suspended: account?.isSuspended ?? false,
    };
  }

  async function read(accountId: string): Promise<BudgetCard | null> {
    const state = await terms.read(accountId);
    return state && (await toCard(accountId, state));
  }

  return {
    read,
    async change(operatorId, accountId, change) {
      if (!(await terms.read(accountId))) return null;
      const { monthlyUsd, prepaidUsd, suspended } = change;
      const changed = {
        monthlyNanoUsd: typeof monthlyUsd === "number" ? fromUsd(monthlyUsd) : monthlyUsd,
        prepaidNanoUsd: prepaidUsd === undefined ? undefined : fromUsd(prepaidUsd),
        isSuspended: suspended,
      };
      await accounts.put(accountId, changed, nowMs());
      // Shares of a new limit are other amounts.
      if (monthlyUsd !== undefined) {
        await purses.clearAlerts(toPurseId.month(accountId, toMonth(nowMs())));
      }
      if (prepaidUsd !== undefined) await purses.clearAlerts(toPurseId.prepaid(accountId));
      onChanged(accountId);
      const fields = Object.keys(change);
      log.info({ operator: operatorId, account: accountId, fields }, "an operator changed a budget");
      return await read(accountId);
    },
  };
}
