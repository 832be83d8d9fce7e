import * as z from "zod/mini";

/** What models cost (`/api/usage`, `/api/admin/…`). Money is US dollars, exact to the billionth. */

const Count = z.number();
const Usd = z.number();

/** "2026-11", in UTC. */
export const Month = z.string().check(z.regex(/^20\d\d-(0[1-9]|1[0-2])$/));
export const MonthQuery = z.object({ month: z.optional(Month) });

const spent = {
  calls: Count,
  costUsd: Usd,
  /** Whole prompts, whatever vendors kept of them. */
  inputTokens: Count,
  cachedTokens: Count,
  outputTokens: Count,
};

/** What several calls cost together. */
export const Spent = z.object(spent);
export type Spent = z.infer<typeof Spent>;

/** Rows are dearest first, days and months oldest first. */
const byProvider = z.array(z.object({ provider: z.string(), ...spent }));
const byModel = z.array(z.object({ provider: z.string(), model: z.string(), ...spent }));
const byTask = z.array(z.object({ task: z.string(), ...spent }));

const totals = {
  month: z.string(),
  /** All of the month, however it was paid. */
  spentUsd: Usd,
  calls: Count,
  /** Of the calls, those whose usage never arrived; their cost is estimated. */
  estimates: Count,
  tokens: z.object({
    /** Whole prompts, of which `cached` was read from and `cacheWrite` written to vendors' caches. */
    input: Count,
    cached: Count,
    cacheWrite: Count,
    /** Thinking included. */
    output: Count,
    thinking: Count,
  }),
  /** Of the input; null when there was none. */
  cacheHitShare: z.nullable(z.number()),
};

/** One account's month. */
export const UsageReport = z.object({
  ...totals,
  /** Of what was spent, what came out of the prepaid balance and does not count towards the limit. */
  spentPrepaidUsd: Usd,
  limitUsd: Usd,
  /** What is left of all that was paid in. */
  prepaidUsd: Usd,
  /** Suspended: an operator stopped it, or the limit was reached and nothing is left that was paid in. */
  status: z.enum(["active", "suspended"]),
  /** Shares of the limit that were reached, and when. */
  alerts: z.array(z.object({ percent: z.number(), atMs: z.number() })),
  /** What the month will come to when it goes on like this; null in its first day. */
  projectedUsd: z.nullable(Usd),
  byProvider,
  byModel,
  byTask,
  /** The hundred dearest. */
  byConversation: z.array(z.object({ conversationId: z.string(), ...spent })),
  byPersona: z.array(z.object({ personaId: z.string(), ...spent })),
  /** Of the last twelve, those in which something was spent. */
  months: z.array(z.object({ month: z.string(), ...spent })),
});
export type UsageReport = z.infer<typeof UsageReport>;

/** The whole server's month; the figures of the last minute may be missing. */
export const ServerUsageReport = z.object({
  ...totals,
  byProvider,
  byModel,
  byTask,
  byDay: z.array(z.object({ day: z.string(), ...spent })),
  /** Days on which a provider's own bill was compared with the books, by the process that looks after the pool. */
  costChecks: z.array(
    z.object({
      provider: z.string(),
      day: z.string(),
      billedUsd: Usd,
      bookedUsd: Usd,
      /** By what share of the larger of the two they differ; above 0 when the provider billed more. */
      deviation: z.number(),
      alert: z.boolean(),
    }),
  ),
});
export type ServerUsageReport = z.infer<typeof ServerUsageReport>;

const Amount = z.number().check(z.minimum(0), z.maximum(1_000_000));

/** What is left out stays as it is. */
export const BudgetChange = z.strictObject({
  /** Null: what accounts of its kind have. */
  monthlyUsd: z.optional(z.nullable(Amount)),
  /** All that was ever paid in. */
  prepaidUsd: z.optional(Amount),
  suspended: z.optional(z.boolean()),
});
export type BudgetChange = z.infer<typeof BudgetChange>;

/** One account's budget, for operators. */
export const BudgetCard = z.object({
  accountId: z.string(),
  month: z.string(),
  /** Its own limit; null when it has that of its kind. */
  monthlyUsd: z.nullable(Usd),
  defaultMonthlyUsd: Usd,
  /** All that was ever paid in, and what is left of it. */
  prepaidUsd: Usd,
  prepaidLeftUsd: Usd,
  /** All of this month, however it was paid. */
  spentUsd: Usd,
  /** By an operator. */
  suspended: z.boolean(),
});
export type BudgetCard = z.infer<typeof BudgetCard>;
