import type { UsageReport } from "#schema/usage.ts";

/** Somebody's November, as a server tells it on the 16th. */
export function sampleUsage(changes: Partial<UsageReport> = {}): UsageReport {
  const spent = { inputTokens: 18_000, cachedTokens: 11_000, outputTokens: 2400 };
  return {
    month: "2026-11",
    spentUsd: 0.034_1,
    spentPrepaidUsd: 0,
    limitUsd: 0.1,
    prepaidUsd: 0,
    status: "active",
    calls: 1216,
    estimates: 0,
    tokens: { input: 36_000, cached: 22_000, cacheWrite: 0, output: 4800, thinking: 0 },
    cacheHitShare: 0.61,
    alerts: [],
    projectedUsd: 0.068_2,
    byProvider: [
      { provider: "anthropic", calls: 12, costUsd: 0.032, ...spent },
      { provider: "my-own-box", calls: 1204, costUsd: 0.002_1, ...spent },
    ],
    byModel: [],
    byTask: [],
    byConversation: [{ conversationId: "Qx7fT2_aR0m1Pz8LkV3uwA", calls: 9, costUsd: 0.024, ...spent }],
    byPersona: [],
    months: [
      { month: "2026-10", calls: 40, costUsd: 0.006, ...spent },
      { month: "2026-11", calls: 1216, costUsd: 0.034_1, ...spent },
    ],
    ...changes,
  };
}
