import * as z from "zod";

/** Who stands in the books for people who are gone: what was spent stays, who spent it does not. */
export const ERASED_ACCOUNT = "erased";

/** One call to a provider, as it was paid: ids and amounts, no texts. Money is whole nano-dollars. */
export const StoredLedgerEntry = z.object({
  id: z.string(),
  accountId: z.string(),
  /** "2026-11" and "2026-11-22", in UTC. */
  month: z.string(),
  day: z.string(),
  atMs: z.number(),
  task: z.string(),
  provider: z.string(),
  model: z.string(),
  conversationId: z.optional(z.string()),
  personaId: z.optional(z.string()),
  arm: z.optional(z.string()),
  outcome: z.enum(["complete", "truncated", "refused", "failed"]),
  isBatch: z.boolean(),
  isEstimate: z.boolean(),
  uncachedInputTokens: z.number(),
  cachedInputTokens: z.number(),
  cacheWriteTokens: z.number(),
  outputTokens: z.number(),
  thinkingTokens: z.number(),
  latencyMs: z.number(),
  costNanoUsd: z.number(),
  prepaidNanoUsd: z.number(),
  /** Whether any of it came out of a prepaid balance; such entries are its only proof. */
  isPrepaid: z.boolean(),
});
export type StoredLedgerEntry = z.infer<typeof StoredLedgerEntry>;

/** The days of a month, as entries name them. */
export function daysOf(month: string): string[] {
  const [year = 0, number = 0] = month.split("-").map(Number);
  const last = new Date(Date.UTC(year, number, 0)).getUTCDate();
  return Array.from({ length: last }, (_, day) => `${month}-${String(day + 1).padStart(2, "0")}`);
}
