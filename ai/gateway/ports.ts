/** What the gateway asks of whoever stores things. Times are Unix milliseconds, money is whole nano-dollars. */

/** The account of the server's own work, such as the pool's hourly batches. */
export const SYSTEM_ACCOUNT = "system";

/** One call to a provider, as it was paid. Entries are only ever added. */
export interface LedgerEntry {
  readonly id: string;
  /** The user who pays, or the server itself. */
  readonly accountId: string;
  /** "2026-11" and "2026-11-22", in UTC. */
  readonly month: string;
  readonly day: string;
  readonly atMs: number;
  readonly task: string;
  readonly provider: string;
  readonly model: string;
  readonly conversationId?: string;
  readonly personaId?: string;
  /** Of an experiment this call was part of: "experiment/arm". */
  readonly arm?: string;
  readonly outcome: "complete" | "truncated" | "refused" | "failed";
  /** Whether the vendor did it at leisure, for a share of the price. */
  readonly isBatch: boolean;
  /** The vendor never told what was used: not less than what was delivered. */
  readonly isEstimate: boolean;
  readonly uncachedInputTokens: number;
  readonly cachedInputTokens: number;
  readonly cacheWriteTokens: number;
  readonly outputTokens: number;
  readonly thinkingTokens: number;
  readonly latencyMs: number;
  readonly costNanoUsd: number;
  /** Of the cost, what was paid from the account's prepaid balance and not from its month. */
  readonly prepaidNanoUsd: number;
}

export interface LedgerPort {
  /** Resolves when they are safe. An entry whose id is known already is left out, so adding may be repeated. */
  append(entries: readonly LedgerEntry[]): Promise<unknown>;
}

/** What an account may spend. */
export interface AccountTerms {
  readonly monthlyNanoUsd: number;
  /** All that was ever paid in; what was spent of it is a purse's matter. */
  readonly prepaidNanoUsd: number;
  /** An operator has stopped it. */
  readonly isSuspended: boolean;
}

export interface AccountsPort {
  terms(accountId: string): Promise<AccountTerms>;
}

/**
 * Counters with a limit, one for each account's month, prepaid balance and conversation: what was taken out of it and
 * not given back. Processes take what they need in blocks and hand it out among their calls.
 */
export interface PursesPort {
  /**
   * Takes the amount unless more than the limit would be taken then; decided in one step, whoever else takes.
   * Gives what is taken in all afterwards, or null when it took nothing.
   */
  take(purseId: string, amountNanoUsd: number, limitNanoUsd: number, nowMs: number): Promise<number | null>;
  /**
   * Never below nothing. An amount of 0 only shows that somebody holds some of it; one below 0 is what was spent beyond
   * what had been taken.
   */
  giveBack(purseId: string, amountNanoUsd: number, nowMs: number): Promise<unknown>;
  /** True for the first who asks for this share of this purse. */
  noteAlert(purseId: string, percent: number, nowMs: number): Promise<boolean>;
}

export const toPurseId = {
  month: (accountId: string, month: string): string => `month:${accountId}:${month}`,
  prepaid: (accountId: string): string => `prepaid:${accountId}`,
  conversation: (conversationId: string): string => `conversation:${conversationId}`,
} as const;

const DAY_MS = 86_400_000;
/** The day that was asked for last, as calls nearly always ask for the same. */
let lastDay = { day: Number.NaN, name: "" };

/** The day of a moment, in UTC: "2026-11-22". */
export function toDay(atMs: number): string {
  const day = Math.floor(atMs / DAY_MS);
  if (day !== lastDay.day) lastDay = { day, name: new Date(atMs).toISOString().slice(0, 10) };
  return lastDay.name;
}

/** Its month: "2026-11". */
export const toMonth = (atMs: number): string => toDay(atMs).slice(0, 7);
