import type { ProviderName } from "#ai/providers/create-model.ts";
import type { Clock } from "#ai/clock.ts";
import type { Experiment } from "#ai/experiments/read-experiments.ts";
import type { GatewayLimits } from "#ai/gateway/gateway.ts";
import type { BreakerState } from "#ai/gateway/with-breaker.ts";
import type { GenerationEvent } from "#ai/pool/generation-event.ts";
import { createCostReports } from "#ai/providers/cost-reports/create-cost-reports.ts";
import type { Rng } from "#ai/rng.ts";
import type { RunTask } from "#ai/task.ts";
import type { Config } from "../config.ts";
import type { PoolOptions } from "../create-pool.ts";
import { createExperiments, type Experiments } from "../experiments/create-experiments.ts";
import { createUniqueViewers } from "../experiments/unique-viewers.ts";
import { noteGeneration } from "../experiments/note-generation.ts";
import { withExperiments } from "../experiments/with-experiments.ts";
import type { Log } from "../log.ts";
import type { Metrics } from "../metrics.ts";
import type { Repositories } from "../open-repositories.ts";
import { createCostCheckJob } from "../spending/cost-check-job.ts";
import { createCostCheckMetrics } from "../spending/cost-check-metrics.ts";
import { createSpending, type Spending } from "../spending/create-spending.ts";
import { chooseApproach } from "./choose-approach.ts";
import { createModelMetrics } from "./model-metrics.ts";
import { createTaskRunner } from "./create-task-runner.ts";
import { openBatches } from "./open-batches.ts";
import type { Models } from "./open-models.ts";

/** Everything by which something gets written: tasks, what they cost whom, and the experiments about it. */
export interface Writing {
  readonly runTask: RunTask;
  readonly spending: Spending;
  readonly experiments: Experiments;
  /** What the pool is to be told of it. */
  readonly forPool: Pick<
    PoolOptions,
    "approach" | "batches" | "expiring" | "arms" | "unique" | "onGenerationEvent"
  >;
  /** How the providers are that have a key. */
  breakers(): ReadonlyMap<ProviderName, BreakerState>;
  /** To be told that what an account may spend has changed. */
  forgetAccount(accountId: string): void;
  start(): void;
  /** Once nobody runs tasks any more: books what is left and gives back what is held. */
  close(): Promise<void>;
}

export interface WritingOptions {
  readonly config: Config;
  readonly models: Models;
  readonly repositories: Repositories;
  readonly metrics: Metrics;
  readonly processName: string;
  readonly limits: Partial<GatewayLimits> | undefined;
  /** Instead of those in the server's own file. */
  readonly experiments: readonly Experiment[] | undefined;
  /** Whether this process speaks for all of them. */
  readonly isLeader: () => boolean;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly log: Log;
}

export async function openWriting(options: WritingOptions): Promise<Writing> {
  const { config, models, repositories, metrics, processName, clock, log } = options;
  const { ledger, purses, armDays, modelBatches } = repositories;
  const experiments = createExperiments({
    armDays,
    processName,
    clock,
    log,
    experiments: options.experiments,
  });
  const spending = createSpending({
    repositories,
    defaults: config.models.budgets,
    onChanged: (accountId) => tasks.forgetAccount(accountId),
    heldByBatches: (purseId) => modelBatches.heldFor(purseId),
    costChecks: () => costChecks.checks(),
    nowMs: () => clock.nowMs(),
    log,
  });
  const costChecks = createCostCheckJob({
    ...options,
    reports: createCostReports(config.models.costReports, clock),
    ledger,
    metrics: createCostCheckMetrics(metrics.registry),
  });
  const modelMetrics = createModelMetrics(metrics.registry, models.available);
  const books = { ledger, purses, accounts: spending.terms };
  const tasks = createTaskRunner({
    ...options,
    ...books,
    order: config.models.order,
    redisUrl: config.redis?.url,
    metrics: modelMetrics,
  });
  const batches = await openBatches({
    models,
    settings: config.models,
    records: modelBatches,
    ...books,
    onAlert: tasks.tellAlert,
    metrics: modelMetrics,
    clock,
    log,
  });
  const { method: usual } = config.models.pool;
  return {
    runTask: withExperiments(tasks.runTask, experiments, clock),
    spending,
    experiments,
    forPool: {
      approach: chooseApproach({ available: models.available, usual, experiments }),
      batches: batches.ofPool,
      arms: experiments.arms,
      unique: createUniqueViewers({
        experiments,
        runTask: tasks.runTask,
        usual,
        hasModels: models.available.size > 0,
        clock,
      }),
      expiring: [armDays, modelBatches, batches.upkeep, spending],
      onGenerationEvent(event: GenerationEvent) {
        metrics.countGenerationEvent(event);
        noteGeneration(experiments, event);
      },
    },
    breakers: () => tasks.breakers(),
    forgetAccount: (accountId) => tasks.forgetAccount(accountId),
    start() {
      experiments.start();
      costChecks.start();
    },
    async close() {
      await costChecks.stop();
      await experiments.stop();
      await tasks.close();
    },
  };
}
