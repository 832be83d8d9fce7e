import type { NewLedgerEntry } from "./ledger.ts";

/** An entry of somebody's books at that moment, as tests need it. */
export function ledgerEntry(id: string, changes: Partial<NewLedgerEntry> = {}): NewLedgerEntry {
  const { atMs = Date.UTC(2026, 10, 22, 12) } = changes;
  const iso = new Date(atMs).toISOString();
  return {
    id,
    accountId: "ann",
    month: iso.slice(0, 7),
    day: iso.slice(0, 10),
    atMs,
    task: "turn",
    provider: "groq",
    model: "fast",
    outcome: "complete",
    isBatch: false,
    isEstimate: false,
    uncachedInputTokens: 100,
    cachedInputTokens: 50,
    cacheWriteTokens: 10,
    outputTokens: 20,
    thinkingTokens: 5,
    latencyMs: 300,
    costNanoUsd: 1_000,
    prepaidNanoUsd: 0,
    ...changes,
  };
}
