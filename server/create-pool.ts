import { isUniqueId, type PlayedConversation } from "#schema/stored/unique-conversation.ts";
import { createActivePool, type ActivePool, type WrittenArms } from "#ai/pool/active-pool.ts";
import { createPoolAlerts, type PoolAlerts } from "#ai/pool/alerts.ts";
import { createBatchWriter, type ModelBatches } from "#ai/pool/batch-writer.ts";
import { createChooser, type Chooser } from "#ai/pool/choose.ts";
import { createFiller, type FillProgress } from "#ai/pool/filler.ts";
import type { GenerationEvent } from "#ai/pool/generation-event.ts";
import { createGenerator } from "#ai/pool/generator.ts";
import { createPoolHealth, type PoolHealth } from "#ai/pool/health.ts";
import type { Approach } from "#ai/pool/order.ts";
import { createPoolJob, type PoolJob } from "#ai/pool/pool-job.ts";
import { createPoolLedger } from "#ai/pool/pool-ledger.ts";
import { createPoolSync, type PoolSync } from "#ai/pool/pool-sync.ts";
import type { Expiring, ViewsPort } from "#ai/pool/ports.ts";
import { rememberConversations } from "#ai/pool/remember-conversations.ts";
import { createUniqueConversations, type UniqueConversations } from "#ai/pool/unique-conversations.ts";
import { createUniqueWriter } from "#ai/pool/unique-writer.ts";
import { createViewExchange } from "#ai/pool/view-exchange.ts";
import { createViewingHours } from "#ai/pool/viewing-hours.ts";
import { createPoolDialogue } from "#ai/tasks/pool-dialogue.ts";
import { createNoveltyLedger } from "#ai/writer/novelty/ledger.ts";
import { readWriterContent } from "#ai/writer/read-content.ts";
import type { Clock } from "#ai/clock.ts";
import type { Rng } from "#ai/rng.ts";
import type { RunTask } from "#ai/task.ts";
import type { UniqueViewers } from "./experiments/unique-viewers.ts";
import { createGenerationJobs, type GenerationJobs } from "./generation-jobs.ts";
import type { Repositories } from "./open-repositories.ts";
import type { Log } from "./log.ts";
import { newId } from "./new-id.ts";

/** The conversation pool of this process and the job that fills it. */
export interface Pool {
  readonly active: ActivePool;
  /** Its conversations, whole, those of late from memory; and users' own. */
  readonly reader: { get(id: string): Promise<PlayedConversation | null> };
  readonly chooser: Chooser;
  readonly health: PoolHealth;
  readonly alerts: PoolAlerts;
  readonly job: PoolJob;
  /** What operators have written beyond the job's hourly batches. */
  readonly generation: GenerationJobs;
  /** Conversations for one viewer alone; undefined where no experiment is about them. */
  readonly unique: UniqueConversations | undefined;
  readonly sync: PoolSync;
  /** Resolves when a newcomer finds something to watch, or the job, once started, has written all it can just now. */
  whenReady(): Promise<void>;
}

export interface PoolOptions {
  readonly repositories: Repositories;
  readonly runTask: RunTask;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly log: Log;
  /** Names this process among others. */
  readonly processName: string;
  readonly onProgress?: ((progress: FillProgress) => void) | undefined;
  readonly onGenerated: (written: number, failed: number) => void;
  /** What else is to be cleaned up by whoever looks after the pool. */
  readonly expiring: readonly Expiring[];
  /** How a conversation is to be written where models may be; all is written offline when left out. */
  readonly approach?: ((conversationId: string) => Approach) | undefined;
  /** Has the hourly batches written before they are due, at the providers' leisure. */
  readonly batches?: ModelBatches | undefined;
  /** While experiments try ways of writing. */
  readonly arms?: WrittenArms | undefined;
  /** While experiments compare shared conversations with unique ones. */
  readonly unique?: UniqueViewers | undefined;
  readonly onGenerationEvent?: ((event: GenerationEvent) => void) | undefined;
}

/** Fewest active conversations with which a first viewer is sure to find one that fits. */
export const READY_CONVERSATIONS = 50;

/** Raised whenever the writer or its content changes what a seed gives. */
const CONTENT_VERSION = "3";

const offline = (): Approach => ({ method: "template" });

/** Connects the pool's parts with the store; nothing runs until `sync` and `job` are started. */
export function createPool(options: PoolOptions): Pool {
  const { repositories, clock, rng, log } = options;
  const { conversations, views, viewingHours, coverageHours, topics, batches, leases, uniqueConversations } =
    repositories;
  // Reading takes a tenth of a second: at start nobody notices, at the next full hour every room would.
  readWriterContent();
  const active = createActivePool(options.arms?.ofConversation);
  const viewing = createViewingHours(options.processName, clock);
  const health = createPoolHealth(active, clock, viewing);
  const alerts = createPoolAlerts(log);
  const exchange = createViewExchange({ conversations, viewingHours, health, viewing, clock });
  const sync = createPoolSync({ pool: active, conversations, exchange, clock, log });
  const novelty = createPoolLedger({ ledger: createNoveltyLedger(), pool: active, conversations });
  const task = createPoolDialogue(novelty.ledger);
  const filled = Promise.withResolvers<void>();
  const { approach = offline } = options;
  const generator = createGenerator({
    runTask: options.runTask,
    task,
    novelty,
    conversations,
    clock,
    log,
    contentVersion: CONTENT_VERSION,
    approach,
    onInserted(entries) {
      sync.notify(entries);
      generation.noteStored(entries);
      if (active.size >= READY_CONVERSATIONS) filled.resolve();
    },
    onEvent(event) {
      health.observeEvent(event);
      options.onGenerationEvent?.(event);
    },
  });
  const ahead =
    options.batches &&
    createBatchWriter({
      batches: options.batches,
      task,
      topics,
      approach,
      contentVersion: CONTENT_VERSION,
      clock,
      log,
    });
  const filler = createFiller({
    generator,
    conversations,
    topics,
    batches,
    clock,
    byModels: options.approach !== undefined,
    ahead,
    onProgress: options.onProgress,
    onOutcome(outcome) {
      health.observeGeneration(outcome);
      options.onGenerated(outcome.written, outcome.failed);
    },
  });
  const job = createPoolJob({
    owner: options.processName,
    leases,
    filler,
    ahead,
    batches,
    expiring: [conversations, views, viewingHours, coverageHours, uniqueConversations, ...options.expiring],
    health,
    alerts,
    clock,
    log,
  });
  const generation = createGenerationJobs({
    generate: (count) => job.generateExtra(count),
    newId,
    clock,
    log,
  });
  // Choosing needs only the ids of a user's latest views, which the index alone answers.
  const choosing: ViewsPort = { ...views, recent: (userId, limit) => views.latest(userId, limit) };
  const shared = rememberConversations(conversations, active);
  const unique =
    options.unique &&
    createUniqueConversations({
      ...options.unique,
      records: uniqueConversations,
      write: createUniqueWriter({
        ...options.unique,
        task,
        topics,
        views: choosing,
        ledger: novelty.ledger,
        contentVersion: CONTENT_VERSION,
        clock,
        log,
        newId,
      }),
      clock,
      log,
    });
  const chooser = createChooser({
    pool: active,
    arms: options.arms,
    unique,
    views: choosing,
    conversations: shared,
    clock,
    rng,
  });
  const reader: Pool["reader"] = {
    get: (id) => (isUniqueId(id) ? uniqueConversations.get(id) : shared.get(id)),
  };
  return {
    active,
    reader,
    chooser,
    health,
    alerts,
    job,
    generation,
    unique,
    sync,
    async whenReady() {
      if (active.size < READY_CONVERSATIONS) await Promise.race([filled.promise, job.settled()]);
    },
  };
}
