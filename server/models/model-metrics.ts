import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { ProviderName } from "#ai/providers/create-model.ts";
import type { SwitchReason } from "#ai/gateway/ask-chain.ts";
import { ALERT_PERCENTS } from "#ai/gateway/budgets.ts";
import type { BreakerState } from "#ai/gateway/with-breaker.ts";
import type { MeteredCall } from "#ai/gateway/with-meter.ts";
import { rememberFor } from "#ai/remember-for.ts";
import { createLazyCounter } from "./lazy-counter.ts";

/** What calls to models come to, by provider; no label tells whose they were. */
export interface ModelMetrics {
  observeCall(call: MeteredCall): void;
  /** That another model was asked because this provider's did not serve. */
  countSwitch(provider: ProviderName, reason: SwitchReason): void;
  setBreaker(provider: ProviderName, state: BreakerState): void;
  /** What a batch has cost, once it has ended. */
  observeBatch(provider: string, costNanoUsd: number): void;
  countBudgetAlert(kind: "user" | "system" | "conversation", percent: number): void;
}

const TOKEN_KINDS = [
  ["input", "uncachedInputTokens"],
  ["cached", "cachedInputTokens"],
  ["cache_write", "cacheWriteTokens"],
  ["output", "outputTokens"],
  ["thinking", "thinkingTokens"],
] as const;
const BREAKER_VALUES: Readonly<Record<BreakerState, number>> = { closed: 0, "half-open": 1, open: 2 };
const NANO_PER_USD = 1e9;

/** Counters by provider stand at 0 for those that can be asked, as Prometheus sees no increase in a first value. */
export function createModelMetrics(registry: Registry, available: Iterable<ProviderName>): ModelMetrics {
  const registers = [registry];
  const counter = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    new Counter({ name, help, labelNames, registers });
  const lazyCounter = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    createLazyCounter({ name, help, labelNames, registers });
  const calls = lazyCounter("parley_model_calls_total", "Calls that reached a provider, by how they ended", [
    "provider",
    "outcome",
  ]);
  const seconds = new Histogram({
    name: "parley_model_call_duration_seconds",
    help: "Time from a call to the end of its answer",
    labelNames: ["provider"],
    buckets: [0.1, 0.3, 0.5, 1, 2, 3, 5, 10, 20, 60],
    registers,
  });
  const tokens = lazyCounter(
    "parley_model_tokens_total",
    "Tokens booked: input that was neither read from nor written to a cache, and so on; thinking is part of output",
    ["provider", "kind"],
  );
  const spend = lazyCounter("parley_model_spend_usd_total", "US dollars booked", ["provider"]);
  const estimates = counter(
    "parley_model_estimated_calls_total",
    "Calls whose usage never arrived and was estimated",
    ["provider"],
  );
  const fallbacks = counter(
    "parley_model_fallbacks_total",
    "Times another model was asked because this provider's did not serve",
    ["provider", "reason"],
  );
  const breaker = new Gauge({
    name: "parley_model_breaker_state",
    help: "0 while a provider is asked, 2 while it is left alone, 1 while a trial is under way",
    labelNames: ["provider"],
    registers,
  });
  const alerts = counter(
    "parley_budget_alerts_total",
    "Shares of monthly and conversation budgets that were reached",
    ["kind", "percent"],
  );
  for (const kind of ["user", "system", "conversation"]) {
    for (const percent of ALERT_PERCENTS) alerts.inc({ kind, percent: String(percent) }, 0);
  }

  const ofProvider = rememberFor((provider: string) => ({
    seconds: seconds.labels(provider),
    spend: spend.pending({ provider }),
    tokens: TOKEN_KINDS.map(([kind, field]) => ({ field, pending: tokens.pending({ provider, kind }) })),
    outcomes: rememberFor((outcome: MeteredCall["outcome"]) => calls.pending({ provider, outcome })),
  }));
  for (const provider of available) {
    const { outcomes } = ofProvider(provider);
    outcomes("complete");
    outcomes("refused");
    fallbacks.inc({ provider, reason: "refused" }, 0);
    estimates.inc({ provider }, 0);
  }

  return {
    observeCall({ provider, outcome, latencyMs, entry }) {
      const own = ofProvider(provider);
      own.outcomes(outcome).value++;
      own.seconds.observe(latencyMs / 1000);
      if (!entry) return;
      for (const { field, pending } of own.tokens) pending.value += entry[field];
      own.spend.value += entry.costNanoUsd / NANO_PER_USD;
      if (entry.isEstimate) estimates.inc({ provider });
    },
    observeBatch(provider, costNanoUsd) {
      ofProvider(provider).spend.value += costNanoUsd / NANO_PER_USD;
    },
    countSwitch: (provider, reason) =>
      fallbacks.inc({ provider, reason: typeof reason === "string" ? reason : reason.fault }),
    setBreaker: (provider, state) => breaker.set({ provider }, BREAKER_VALUES[state]),
    countBudgetAlert: (kind, percent) => alerts.inc({ kind, percent: String(percent) }),
  };
}
