import type { Cost } from "../catalogue/cost-of.ts";
import { type ModelUsage, promptTokens } from "../model.ts";
import type { CostBreakdown, Usage } from "../task.ts";

const NANO_PER_USD = 1e9;

/** What one task has used so far, over all its calls. */
export class Tally {
  attempts = 0;
  refusals = 0;
  costNanoUsd = 0;
  usage: Usage = {
    inputTokens: 0,
    cachedTokens: 0,
    cacheWriteTokens: 0,
    outputTokens: 0,
    thinkingTokens: 0,
  };
  private inputNanoUsd = 0;
  private cacheNanoUsd = 0;
  private outputNanoUsd = 0;

  /** A call has reached a provider. */
  begin(): void {
    this.attempts++;
  }

  /** A model refused. */
  refuse(): void {
    this.refusals++;
  }

  add(used: ModelUsage, cost: Cost): void {
    const { "5m": short, "1h": long } = used.cacheWriteTokens;
    this.usage = {
      inputTokens: this.usage.inputTokens + promptTokens(used),
      cachedTokens: this.usage.cachedTokens + used.cachedInputTokens,
      cacheWriteTokens: this.usage.cacheWriteTokens + short + long,
      outputTokens: this.usage.outputTokens + used.outputTokens,
      thinkingTokens: this.usage.thinkingTokens + used.thinkingTokens,
    };
    this.costNanoUsd += cost.nanoUsd;
    this.inputNanoUsd += cost.inputNanoUsd;
    this.cacheNanoUsd += cost.cacheNanoUsd;
    this.outputNanoUsd += cost.outputNanoUsd;
  }

  costBreakdown(): CostBreakdown {
    return {
      input: this.inputNanoUsd / NANO_PER_USD,
      output: this.outputNanoUsd / NANO_PER_USD,
      cache: this.cacheNanoUsd / NANO_PER_USD,
    };
  }
}
