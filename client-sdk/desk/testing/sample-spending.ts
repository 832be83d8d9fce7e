import {
  FIGURES,
  TOO_FEW,
  type ArmResults,
  type ExperimentResults,
  type FigureName,
} from "#schema/experiments.ts";
import type { ServerUsageReport } from "#schema/usage.ts";

/** A server's November, as it tells it on the 4th. */
export function sampleServerUsage(): ServerUsageReport {
  const spent = { inputTokens: 1_180_000, cachedTokens: 702_000, outputTokens: 96_400 };
  return {
    month: "2026-11",
    spentUsd: 13.204_2,
    calls: 2402,
    estimates: 3,
    tokens: { input: 2_360_000, cached: 1_404_000, cacheWrite: 120_000, output: 192_800, thinking: 31_000 },
    cacheHitShare: 0.595,
    byProvider: [
      { provider: "anthropic", calls: 402, costUsd: 12.48, ...spent },
      { provider: "groq", calls: 2000, costUsd: 0.724_2, ...spent },
    ],
    byModel: [
      { provider: "anthropic", model: "quality-model", calls: 402, costUsd: 12.48, ...spent },
      { provider: "groq", model: "fast-model", calls: 2000, costUsd: 0.724_2, ...spent },
    ],
    byTask: [
      { task: "pool-dialogue", calls: 2400, costUsd: 13.2, ...spent },
      { task: "turn", calls: 2, costUsd: 0.004_2, ...spent },
    ],
    costChecks: [],
    byDay: [
      { day: "2026-11-01", calls: 800, costUsd: 4.1, ...spent },
      { day: "2026-11-02", calls: 802, costUsd: 6.904_2, ...spent },
      { day: "2026-11-04", calls: 800, costUsd: 2.2, ...spent },
    ],
  };
}

/** An experiment with two arms, the second of which is known to be cheaper and less watched. */
export function sampleExperiment(): ExperimentResults {
  const few = toFew();
  const pooled: ArmResults = {
    id: "pooled",
    tasks: 2400,
    modelCalls: 2450,
    costUsd: 13.2,
    conversations: 40,
    checked: 40,
    views: 9100,
    users: 4020,
    latencyP50Ms: 900,
    latencyP95Ms: TOO_FEW,
    figures: {
      ...few,
      costPerTaskUsd: { value: 0.005_5, low: 0.005, high: 0.006 },
      latencyMs: { value: 950, low: 900, high: 1000 },
      watchThrough: { value: 0.62, low: 0.61, high: 0.63 },
    },
    differences: null,
  };
  const unique: ArmResults = {
    ...pooled,
    id: "unique",
    figures: {
      ...pooled.figures,
      costPerTaskUsd: { value: 0.003_5, low: 0.003, high: 0.004 },
      watchThrough: { value: 0.608, low: 0.596, high: 0.62 },
    },
    differences: {
      ...few,
      costPerTaskUsd: { value: -0.002, low: -0.002_7, high: -0.001_3, excludesZero: true },
      latencyMs: { value: 0, low: -71, high: 71, excludesZero: false },
      watchThrough: { value: -0.012, low: -0.028, high: 0.004, excludesZero: false },
    },
  };
  return {
    id: "pooled-or-unique",
    question: "Do people watch further when a conversation was written for them alone?",
    kind: "pool",
    isOn: true,
    share: 0.02,
    days: 28,
    minimum: 100,
    arms: [
      { id: "pooled", weight: 1, sets: { pool: "shared" }, results: pooled },
      { id: "unique", weight: 1, sets: { pool: "unique" }, results: unique },
    ],
  };
}

const toFew = () =>
  Object.fromEntries(FIGURES.map((name) => [name, TOO_FEW])) as Record<FigureName, typeof TOO_FEW>;
