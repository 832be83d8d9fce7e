import type { ProviderName } from "#ai/providers/create-model.ts";
import type { Catalogue } from "#ai/catalogue/read-catalogue.ts";
import type { Clock } from "#ai/clock.ts";
import type { SwitchReason } from "#ai/gateway/ask-chain.ts";
import { type BudgetAlert, createBudgets } from "#ai/gateway/budgets.ts";
import { createGateway, type GatewayLimits } from "#ai/gateway/gateway.ts";
import { createLedger } from "#ai/gateway/ledger.ts";
import { createPermits } from "#ai/gateway/permits.ts";
import type { AccountsPort, LedgerPort, PursesPort } from "#ai/gateway/ports.ts";
import type { BreakerState } from "#ai/gateway/with-breaker.ts";
import type { Permits } from "#ai/gateway/with-permits.ts";
import type { Rng } from "#ai/rng.ts";
import { createRunTask } from "#ai/run-task.ts";
import type { RunTask } from "#ai/task.ts";
import type { Log } from "../log.ts";
import { createIdSequence } from "../new-id.ts";
import type { ModelMetrics } from "./model-metrics.ts";
import type { Models } from "./open-models.ts";

/** The one way in which this process gets anything written, and what it has on its books. */
export interface TaskRunner {
  readonly runTask: RunTask;
  /** To be told that what an account may spend has changed. */
  forgetAccount(accountId: string): void;
  /** To be told of a share of a budget that was reached elsewhere. */
  readonly tellAlert: (alert: BudgetAlert) => void;
  readonly catalogue: Catalogue;
  /** How the providers are that have a key. */
  breakers(): ReadonlyMap<ProviderName, BreakerState>;
  /** Once nobody runs tasks any more: books what is left and gives back what is held. */
  close(): Promise<void>;
}

export interface TaskRunnerOptions {
  readonly models: Models;
  readonly order: readonly ProviderName[] | undefined;
  readonly ledger: LedgerPort;
  readonly purses: PursesPort;
  readonly accounts: AccountsPort;
  readonly redisUrl: string | undefined;
  readonly metrics: ModelMetrics;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly log: Log;
  readonly limits?: Partial<GatewayLimits> | undefined;
}

/** Connects the gateway with models, store, metrics and log. */
export function createTaskRunner(options: TaskRunnerOptions): TaskRunner {
  const { models, clock, log, metrics } = options;
  const { catalogue } = models;
  const tell = (alert: BudgetAlert) => tellAlert(alert, options);
  const permits = openPermits(options);
  const ledger = createLedger({
    port: options.ledger,
    clock,
    onError: (err) => log.error({ err }, "calls to models cannot be booked now; what is open is tried again"),
  });
  const budgets = createBudgets({
    purses: options.purses,
    accounts: options.accounts,
    clock,
    onAlert: tell,
    onError: (err) => log.warn({ err }, "a budget could not be written; it will be tried again"),
  });
  const gateway = createGateway({
    catalogue,
    models,
    order: options.order,
    permits: (provider) => permits.get(provider) as Permits,
    budgets,
    ledger,
    clock,
    rng: options.rng,
    newId: createIdSequence(),
    onCall: (call) => metrics.observeCall(call),
    onError: (err) => log.error({ err }, "a budget cannot be read, so no model is asked"),
    onSwitch(task, { provider, id: model }, reason) {
      metrics.countSwitch(provider, reason);
      log.debug({ task, provider, model, reason: toReason(reason) }, "a model does not serve");
    },
    onBreaker(provider, state) {
      metrics.setBreaker(provider, state);
      if (state === "half-open") return;
      const text = state === "open" ? "a provider is left alone for a while" : "a provider is asked again";
      log.warn({ provider }, text);
    },
    limits: options.limits,
  });
  for (const [provider, state] of gateway.breakers()) metrics.setBreaker(provider, state);

  return {
    runTask: createRunTask(gateway),
    forgetAccount: (accountId) => budgets.forget(accountId),
    tellAlert: tell,
    catalogue,
    breakers: () => gateway.breakers(),
    async close() {
      gateway.close();
      await Promise.all([...permits.values()].map(async (each) => await each.close()));
      await ledger.close();
      await budgets.close();
    },
  };
}

const toReason = (reason: SwitchReason): string => (typeof reason === "string" ? reason : reason.fault);

function openPermits({
  models,
  clock,
  redisUrl,
  log,
}: TaskRunnerOptions): ReadonlyMap<ProviderName, Permits> {
  const open = (provider: ProviderName): Permits =>
    createPermits({
      provider,
      limits: models.catalogue.limits(provider),
      clock,
      redisUrl,
      onError: (err) => log.warn({ err, provider }, "the limits of a provider cannot be shared now"),
    });
  return new Map([...models.available].map((provider) => [provider, open(provider)]));
}

/** An account is named by its id alone. */
function tellAlert(
  { accountId, conversationId, percent }: BudgetAlert,
  { log, metrics }: TaskRunnerOptions,
): void {
  const kind = conversationId === undefined ? (accountId === "system" ? "system" : "user") : "conversation";
  metrics.countBudgetAlert(kind, percent);
  log.warn({ accountId, conversationId, percent }, "a share of a budget is reached");
}
