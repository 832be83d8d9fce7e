import { destination } from "pino";
import { Registry } from "prom-client";
import { createFakeClock, type FakeClock } from "#ai/fake-clock.ts";
import { readCatalogue } from "#ai/catalogue/read-catalogue.ts";
import type { ModelEntry } from "#ai/catalogue/catalogue-schema.ts";
import { SYSTEM_ACCOUNT } from "#ai/gateway/ports.ts";
import { createGroqModel } from "#ai/providers/groq.ts";
import { createRng } from "#ai/rng.ts";
import type { RunTask } from "#ai/task.ts";
import { readStarterTopics } from "#data/content/read-starter-topics.ts";
import { openStore } from "#data/open.ts";
import { makeScratchFolder } from "#loadtest/process/scratch-folder.ts";
import { type Child, startChild } from "#loadtest/process/start-child.ts";
import type { GenerationMethod } from "#schema/vocabulary.ts";
import { readConfig } from "../config.ts";
import { createPool, type Pool } from "../create-pool.ts";
import { createLog } from "../log.ts";
import { createModelMetrics } from "../models/model-metrics.ts";
import { createTaskRunner } from "../models/create-task-runner.ts";
import { openRepositories, type Repositories } from "../open-repositories.ts";
import { letTimePass } from "./let-time-pass.bench.ts";

/** The server's parts that write, pay for and give out conversations, on a clock of their own and a vendor on loopback. */
export interface House {
  readonly clock: FakeClock;
  readonly vendor: Child;
  /** What the vendor sells, at its price. */
  readonly entry: ModelEntry;
  readonly repositories: Repositories;
  readonly pool: Pool;
  readonly runTask: RunTask;
  /** How the hourly batches are written from now on. */
  writeBy(method: GenerationMethod): void;
  /** How many conversations were stored since the last `writeBy`, all or those of a method. */
  written(method?: GenerationMethod): number;
  /** Has no further batch written. */
  stopPool(): Promise<void>;
  /** Books what is left and gives back what is held; the store stays open. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

const PROVIDER = "groq";

export async function openHouse(startMs: number, seed: string): Promise<House> {
  const clock = createFakeClock(startMs);
  const vendor = startChild(new URL("serve-dialogues.bench.ts", import.meta.url));
  const baseUrl = await vendor.call<string>("listen", seed);
  // Results alone belong on standard output.
  const log = createLog("error", destination(2));
  const store = await openStore({ dataDir: makeScratchFolder(), dataKey: Buffer.alloc(32, 7), log });
  const repositories = await openRepositories(store);
  await repositories.topics.putStarters(readStarterTopics(startMs));

  const catalogue = readCatalogue();
  const [entry] = catalogue.plan("pool-dialogue", { available: new Set([PROVIDER]) }).targets;
  if (!entry) throw new Error(`no model of ${PROVIDER} writes for the pool`);
  const model = createGroqModel({ model: entry.id, readKey: () => "a key", baseUrl });
  const { budgets } = readConfig({}).models;
  const rng = createRng(`house/${seed}`);
  const runner = createTaskRunner({
    models: {
      // Minutes that pass at once would meet the vendor's limits, which are kept in the machine's own time.
      catalogue: { ...catalogue, limits: () => ({ concurrency: 1_000, requestsPerMinute: 10_000_000 }) },
      available: new Set([PROVIDER]),
      access: new Map(),
      get: () => model,
    },
    order: undefined,
    ledger: repositories.ledger,
    purses: repositories.purses,
    accounts: {
      terms: async (accountId) =>
        await Promise.resolve({
          monthlyNanoUsd: accountId === SYSTEM_ACCOUNT ? budgets.systemNanoUsd : budgets.guestNanoUsd,
          prepaidNanoUsd: 0,
          isSuspended: false,
        }),
    },
    redisUrl: undefined,
    metrics: createModelMetrics(new Registry(), [PROVIDER]),
    clock,
    rng,
    log,
  });

  let method: GenerationMethod = "template";
  const written = new Map<GenerationMethod, number>();
  const pool = createPool({
    repositories,
    runTask: runner.runTask,
    clock,
    rng,
    log,
    processName: "bench",
    approach: () => ({ method }),
    onGenerated: () => {},
    onGenerationEvent(event) {
      if (event.type === "written") written.set(event.method, (written.get(event.method) ?? 0) + 1);
    },
    expiring: [],
  });
  return {
    clock,
    vendor,
    entry,
    repositories,
    pool,
    runTask: runner.runTask,
    writeBy(next) {
      method = next;
      written.clear();
    },
    written(by) {
      const counts = [...written].map(([method, count]) => (by === undefined || by === method ? count : 0));
      return counts.reduce((sum, count) => sum + count, 0);
    },
    async stopPool() {
      await pool.job.stop();
      await pool.sync.stop();
    },
    settle: async () => await letTimePass(clock, runner.close()),
    async close() {
      await vendor.stop();
      await store.close();
    },
  };
}
