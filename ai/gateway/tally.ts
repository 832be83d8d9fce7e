import type { Cost } from "../catalogue/cost-of.ts";
import { type ModelUsage, promptTokens } from "../model.ts";
import type { CostBreakdown, Usage } from "../task.ts";

/** What one task has used so far, over all its calls. */
export interface Tally {
  /** A call has reached a provider. */
  begin(): void;
  add(usage: ModelUsage, cost: Cost): void;
  /** A model refused. */
  refuse(): void;
  readonly attempts: number;
  readonly refusals: number;
  readonly usage: Usage;
  readonly costNanoUsd: number;
  readonly costBreakdown: CostBreakdown;
}

const NANO_PER_USD = 1e9;

export function createTally(): Tally {
  let attempts = 0;
  let refusals = 0;
  let usage: Usage = {
    inputTokens: 0,
    cachedTokens: 0,
    cacheWriteTokens: 0,
    outputTokens: 0,
    thinkingTokens: 0,
  };
  const nano = { whole: 0, input: 0, cache: 0, output: 0 };
  return {
    begin: () => void attempts++,
    add(used, cost) {
      const { "5m": short, "1h": long } = used.cacheWriteTokens;
      usage = {
        inputTokens: usage.inputTokens + promptTokens(used),
        cachedTokens: usage.cachedTokens + used.cachedInputTokens,
        cacheWriteTokens: usage.cacheWriteTokens + short + long,
        outputTokens: usage.outputTokens + used.outputTokens,
        thinkingTokens: usage.thinkingTokens + used.thinkingTokens,
      };
      nano.whole += cost.nanoUsd;
      nano.input += cost.inputNanoUsd;
      nano.cache += cost.cacheNanoUsd;
      nano.output += cost.outputNanoUsd;
    },
    refuse: () => void refusals++,
    get attempts() {
      return attempts;
    },
    get refusals() {
      return refusals;
    },
    get usage() {
      return usage;
    },
    get costNanoUsd() {
      return nano.whole;
    },
    get costBreakdown() {
      return {
        input: nano.input / NANO_PER_USD,
        output: nano.output / NANO_PER_USD,
        cache: nano.cache / NANO_PER_USD,
      };
    },
  };
}
