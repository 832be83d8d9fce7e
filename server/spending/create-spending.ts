import type { ServerUsageReport, UsageReport } from "#schema/usage.ts";
import { healPurses } from "#ai/gateway/heal-purses.ts";
import { toMonth } from "#ai/gateway/ports.ts";
import type { Log } from "../log.ts";
import type { Repositories } from "../open-repositories.ts";
import { type AccountBook, type BudgetDefaults, createAccountTerms } from "./account-terms.ts";
import { type BudgetDesk, createBudgetDesk } from "./budget-desk.ts";
import type { CostCheck } from "./compare-costs.ts";
import { readUsage } from "./read-usage.ts";
import { createServerUsage } from "./server-usage.ts";

export interface SpendingOptions {
  readonly repositories: Pick<Repositories, "ledger" | "accounts" | "purses" | "users">;
  readonly defaults: BudgetDefaults;
  /** Told of an account whose terms an operator changed. */
  readonly onChanged: (accountId: string) => void;
  /** What provider batches that are under way hold of a purse. */
  readonly heldByBatches: (purseId: string) => Promise<number>;
  /** What providers billed, beside the books. */
  readonly costChecks: () => readonly CostCheck[];
  readonly nowMs: () => number;
  readonly log: Pick<Log, "info">;
}

/** What models cost, whom, and what may be spent. A month left out is this one. */
export interface Spending {
  /** What the gateway asks for what accounts may spend. */
  readonly terms: AccountBook;
  readonly budgets: BudgetDesk;
  readUsage(accountId: string, month?: string): Promise<UsageReport>;
  readServerUsage(month?: string): Promise<ServerUsageReport>;
  /** Drops what is too old, and puts back what dead processes held. */
  expire(nowMs: number): Promise<number>;
}

export function createSpending(options: SpendingOptions): Spending {
  const { repositories, defaults, onChanged, heldByBatches, costChecks, nowMs, log } = options;
  const { ledger, accounts, purses, users } = repositories;
  const terms = createAccountTerms({ accounts, users, defaults });
  const readServerUsage = createServerUsage({ ledger, costChecks, nowMs });
  return {
    terms,
    budgets: createBudgetDesk({ terms, accounts, ledger, purses, onChanged, nowMs, log }),
    readUsage: (accountId, month = toMonth(nowMs())) =>
      readUsage({ ledger, purses, accounts: terms }, accountId, month, nowMs()),
    readServerUsage: (month = toMonth(nowMs())) => readServerUsage(month),
    async expire(atMs) {
      await healPurses({ purses, ledger, heldByBatches }, atMs);
      return (await ledger.expire(atMs)) + (await purses.expire(atMs));
    },
  };
}
