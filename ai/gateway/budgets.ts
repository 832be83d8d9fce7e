import type { Clock } from "../clock.ts";
import { type AccountsPort, type AccountTerms, type PursesPort, toMonth, toPurseId } from "./ports.ts";
import { createPurse, type Purse } from "./purse.ts";

/** Who pays for a call, and what else limits it. */
export interface Payer {
  readonly accountId: string;
  readonly conversationId?: string | undefined;
  readonly conversationLimitNanoUsd?: number | undefined;
}

/** Money set aside for one call. Ended once, by either. */
export interface Reservation {
  /** Pays what the call cost. Gives what of it came out of the prepaid balance. */
  settle(costNanoUsd: number): number;
  release(): void;
}

/** Shares of a limit at which somebody is told. */
export const ALERT_PERCENTS = [50, 80, 100] as const;

/** Which of them were not reached before and are now. */
export const crossedPercents = (before: number, after: number, limit: number): number[] =>
  ALERT_PERCENTS.filter((percent) => {
    const line = (limit * percent) / 100;
    return before < line && after >= line;
  });

/** Money held in an account's purse, and in that of a conversation where it has a limit. */
class Held implements Reservation {
  private readonly amount: number;
  private readonly account: Purse;
  private readonly isPrepaid: boolean;
  private readonly conversation: Purse | undefined;

  constructor(amount: number, account: Purse, isPrepaid: boolean, conversation: Purse | undefined) {
    this.amount = amount;
    this.account = account;
    this.isPrepaid = isPrepaid;
    this.conversation = conversation;
  }

  settle(cost: number): number {
    this.account.settle(this.amount, cost);
    this.conversation?.settle(this.amount, cost);
    return this.isPrepaid ? cost : 0;
  }

  release(): void {
    this.settle(0);
  }
}

export interface BudgetAlert {
  readonly accountId: string;
  /** Of a conversation's own limit, where it is that. */
  readonly conversationId?: string;
  readonly percent: number;
}

/**
 * What accounts and conversations may spend. A call's worst case is set aside before it is made, so that no two calls,
 * of whatever process, can both spend the last cent: what is taken never exceeds the limit.
 */
export interface Budgets {
  /** The same as `reserve` for what this process has at hand, without asking the store; undefined where it must be. */
  hand(payer: Payer, amountNanoUsd: number): Reservation | undefined;
  /** Undefined when it is more than is left. @throws what the store throws */
  reserve(payer: Payer, amountNanoUsd: number): Promise<Reservation | undefined>;
  /** To be told that an account's terms have changed. */
  forget(accountId: string): void;
  /** Gives back what is held. */
  close(): Promise<void>;
}

export interface BudgetDeps {
  readonly purses: PursesPort;
  readonly accounts: AccountsPort;
  readonly clock: Clock;
  readonly onAlert: (alert: BudgetAlert) => void;
  /** Told of a store that failed behind a call's back; what was to be done is tried again. */
  readonly onError: (error: unknown) => void;
}

/** Changes that another process made are noticed after this long. */
const TERMS_FOR_MS = 30_000;
const TIDY_EVERY_MS = 30_000;
const TIDIED_AT_ONCE = 100;

/** Whether a purse is an account's month or prepaid balance. */
const isOf = (purseId: string, accountId: string): boolean =>
  purseId === toPurseId.prepaid(accountId) || purseId.startsWith(toPurseId.month(accountId, ""));

export function createBudgets(deps: BudgetDeps): Budgets {
  const { purses: port, accounts, clock, onAlert, onError } = deps;
  const purses = new Map<string, Purse>();
  const terms = new Map<string, { readonly terms: AccountTerms; readonly atMs: number }>();
  let isClosed = false;
  /** Of terms that were being read when they changed. */
  let changes = 0;
  let cancel = clock.after(TIDY_EVERY_MS, () => void keepTidy());

  const knownTerms = (accountId: string): AccountTerms | undefined => {
    const known = terms.get(accountId);
    return known && clock.nowMs() - known.atMs < TERMS_FOR_MS ? known.terms : undefined;
  };

  async function readTerms(accountId: string): Promise<AccountTerms> {
    const before = changes;
    const read = await accounts.terms(accountId);
    if (before === changes) terms.set(accountId, { terms: read, atMs: clock.nowMs() });
    return read;
  }

  async function alert(purseId: string, percent: number, about: Omit<BudgetAlert, "percent">) {
    try {
      if (await port.noteAlert(purseId, percent, clock.nowMs())) onAlert({ ...about, percent });
    } catch (error) {
      onError(error);
    }
  }

  function purse(id: string, about: Omit<BudgetAlert, "percent">): Purse {
    const known = purses.get(id);
    if (known) return known;
    const made = createPurse(id, {
      port,
      clock,
      onTaken(before, after, limit) {
        for (const percent of crossedPercents(before, after, limit)) void alert(id, percent, about);
      },
    });
    purses.set(id, made);
    return made;
  }

  const monthOf = (accountId: string): Purse =>
    purse(toPurseId.month(accountId, toMonth(clock.nowMs())), { accountId });

  /** Takes from the month's purse, or else from what was paid in before. */
  async function takeFromAccount(accountId: string, amount: number): Promise<Purse | undefined> {
    const { monthlyNanoUsd, prepaidNanoUsd, isSuspended } =
      knownTerms(accountId) ?? (await readTerms(accountId));
    if (isSuspended) return undefined;
    const month = monthOf(accountId);
    if (await month.take(amount, monthlyNanoUsd)) return month;
    if (prepaidNanoUsd <= 0) return undefined;
    const prepaid = purse(toPurseId.prepaid(accountId), { accountId });
    return (await prepaid.take(amount, prepaidNanoUsd)) ? prepaid : undefined;
  }

  async function tidy(idleMs: number, chosen: Iterable<Purse> = purses.values()): Promise<void> {
    const tidyOne = async (each: Purse): Promise<void> => {
      try {
        await each.tidy(idleMs);
        // Looked at in the same breath: a call may have come meanwhile, or this one been dropped and another made.
        if (each.isUnused() && purses.get(each.id) === each) purses.delete(each.id);
      } catch (error) {
        onError(error);
      }
    };
    // Together, as the store commits together what comes together; but not so many that calls wait behind them.
    const all = [...chosen];
    for (let at = 0; at < all.length; at += TIDIED_AT_ONCE) {
      await Promise.all(all.slice(at, at + TIDIED_AT_ONCE).map(tidyOne));
    }
    for (const [id, { atMs }] of terms) if (clock.nowMs() - atMs >= TERMS_FOR_MS) terms.delete(id);
  }

  /** Until it is closed. */
  async function keepTidy(): Promise<void> {
    await tidy(TIDY_EVERY_MS);
    if (!isClosed) cancel = clock.after(TIDY_EVERY_MS, () => void keepTidy());
  }

  return {
    hand({ accountId, conversationLimitNanoUsd }, amount) {
      if (conversationLimitNanoUsd !== undefined || knownTerms(accountId)?.isSuspended !== false)
        return undefined;
      const month = monthOf(accountId);
      return month.hand(amount) ? new Held(amount, month, false, undefined) : undefined;
    },
    async reserve({ accountId, conversationId, conversationLimitNanoUsd }, amount) {
      const own =
        conversationId !== undefined && conversationLimitNanoUsd !== undefined
          ? purse(toPurseId.conversation(conversationId), { accountId, conversationId })
          : undefined;
      if (own && !(await own.take(amount, conversationLimitNanoUsd ?? 0))) return undefined;
      let account: Purse | undefined;
      try {
        account = await takeFromAccount(accountId, amount);
      } finally {
        if (!account) own?.settle(amount, 0);
      }
      return account && new Held(amount, account, account.id === toPurseId.prepaid(accountId), own);
    },
    forget(accountId) {
      changes++;
      terms.delete(accountId);
      const own = [...purses.values()].filter(({ id }) => isOf(id, accountId));
      for (const each of own) each.forgetRefusals();
      // What is in hand was taken under the old limit.
      void tidy(0, own);
    },
    async close() {
      isClosed = true;
      cancel();
      await tidy(0);
    },
  };
}
