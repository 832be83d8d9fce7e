import type { AccountsPort, AccountTerms, LedgerEntry, LedgerPort, PursesPort } from "./ports.ts";

/** The purses of a store that answers a turn later, as a real one does, and may be told to fail once. */
export function createMemoryPurses() {
  const held = new Map<string, number>();
  const alerts = new Set<string>();
  let takes = 0;
  let fails = false;
  const answer = async () => {
    await Promise.resolve();
    if (!fails) return;
    fails = false;
    throw new Error("the store is away");
  };
  const port: PursesPort = {
    async take(id, amount, limit) {
      takes++;
      await answer();
      const after = (held.get(id) ?? 0) + amount;
      if (after > limit) return null;
      held.set(id, after);
      return after;
    },
    async giveBack(id, amount) {
      await answer();
      held.set(id, Math.max(0, (held.get(id) ?? 0) - amount));
    },
    async noteAlert(id, percent) {
      await answer();
      const key = `${id} ${percent}`;
      const isFirst = !alerts.has(key);
      alerts.add(key);
      return isFirst;
    },
  };
  return {
    ...port,
    held: (id: string) => held.get(id) ?? 0,
    takes: () => takes,
    failNext: () => void (fails = true),
  };
}

/** A ledger in a list, which may be told to fail, or to refuse one entry for good. */
export function createMemoryLedger() {
  const entries: LedgerEntry[] = [];
  let failures = 0;
  let appends = 0;
  let refused: string | undefined;
  const port: LedgerPort = {
    async append(added) {
      appends++;
      await Promise.resolve();
      if (added.some(({ id }) => id === refused)) throw new Error("the store will not have it");
      if (failures > 0) {
        failures--;
        throw new Error("the store is away");
      }
      const known = new Set(entries.map(({ id }) => id));
      entries.push(...added.filter(({ id }) => !known.has(id)));
    },
  };
  return {
    ...port,
    entries,
    appends: () => appends,
    fail: (times: number) => void (failures = times),
    refuse: (id: string) => void (refused = id),
  };
}

export const RICH: AccountTerms = { monthlyNanoUsd: 1e12, prepaidNanoUsd: 0, isSuspended: false };

/** Accounts with these terms; all others are rich. */
export const createMemoryAccounts = (terms: Record<string, AccountTerms> = {}): AccountsPort => ({
  terms: async (accountId) => await Promise.resolve(terms[accountId] ?? RICH),
});
