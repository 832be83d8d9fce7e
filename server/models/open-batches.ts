import type { BatchModel } from "#ai/batch-model.ts";
import type { Clock } from "#ai/clock.ts";
import type { BatchEvent, BatchRecordsPort } from "#ai/gateway/batch-ports.ts";
import { createBatches } from "#ai/gateway/batches.ts";
import type { BudgetAlert } from "#ai/gateway/budgets.ts";
import type { AccountsPort, LedgerPort, PursesPort } from "#ai/gateway/ports.ts";
import { createBatchModel } from "#ai/providers/create-batch-model.ts";
import type { ModelBatches } from "#ai/pool/batch-writer.ts";
import type { Expiring } from "#ai/pool/ports.ts";
import type { ModelSettings } from "../config/models.ts";
import type { Log } from "../log.ts";
import { createPoolBatches } from "./create-pool-batches.ts";
import type { ModelMetrics } from "./model-metrics.ts";
import type { Models } from "./open-models.ts";

/** Work that providers do at leisure. */
export interface OpenBatches {
  /** Undefined where the pool is not to be written so. */
  readonly ofPool: ModelBatches | undefined;
  /** Ends what is overdue. */
  readonly upkeep: Expiring;
}

export interface OpenBatchesOptions {
  readonly models: Models;
  readonly settings: ModelSettings;
  readonly records: BatchRecordsPort;
  readonly ledger: LedgerPort;
  readonly purses: PursesPort;
  readonly accounts: AccountsPort;
  readonly onAlert: (alert: BudgetAlert) => void;
  readonly metrics: Pick<ModelMetrics, "observeBatch">;
  readonly clock: Clock;
  readonly log: Pick<Log, "info" | "warn">;
}

/** Whoever looks after the pool waits for it. */
const UPKEEP_WITHIN_MS = 60_000;

export async function openBatches(options: OpenBatchesOptions): Promise<OpenBatches> {
  const { models, settings, records, clock, log } = options;
  const byName = await createBatchModels(models);
  const batches = createBatches({
    ...options,
    models: (provider, model) => byName.get(`${provider} ${model}`),
    catalogue: models.catalogue,
    onEvent(event) {
      if (event.costNanoUsd !== undefined) options.metrics.observeBatch(event.provider, event.costNanoUsd);
      tell(event, log);
    },
  });
  const ofPool = createPoolBatches({ ...models, batches, records, order: settings.order, clock });
  return {
    ofPool: settings.pool.batch && byName.size > 0 ? ofPool : undefined,
    upkeep: {
      expire: async (_nowMs, signal) =>
        await batches.giveUpOverdue(AbortSignal.any([signal, AbortSignal.timeout(UPKEEP_WITHIN_MS)])),
    },
  };
}

async function createBatchModels({ catalogue, access }: Models): Promise<ReadonlyMap<string, BatchModel>> {
  const created = catalogue.models.map(async ({ provider, id }) => {
    const reached = access.get(provider);
    const model = reached && (await createBatchModel(provider, { ...reached, model: id }));
    return model ? [[`${provider} ${id}`, model] as const] : [];
  });
  return new Map((await Promise.all(created)).flat());
}

function tell({ type, ...event }: BatchEvent, log: Pick<Log, "info" | "warn">): void {
  const isBad = type === "failed" || type === "given-up" || type === "doubled";
  if (isBad) log.warn({ ...event }, `a batch at a provider: ${type}`);
  else log.info({ ...event }, `a batch at a provider: ${type}`);
}
