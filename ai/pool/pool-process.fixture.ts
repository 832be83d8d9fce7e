import type { Clock } from "../clock.ts";
import { createRng } from "../rng.ts";
import { runOffline } from "../run-task.ts";
import type { Task } from "../task.ts";
import type { BatchWriter } from "./batch-writer.ts";
import { createActivePool } from "./active-pool.ts";
import { createPoolAlerts } from "./alerts.ts";
import { createChooser } from "./choose.ts";
import { createFiller } from "./filler.ts";
import type { Dialogue, DialogueRequest } from "./dialogue.ts";
import { createGenerator } from "./generator.ts";
import { createPoolHealth } from "./health.ts";
import { createViewingHours } from "./viewing-hours.ts";
import { createMemoryLog, type MemoryPorts } from "./memory-ports.ts";
import { createNoveltyLedger } from "../writer/novelty/ledger.ts";
import { createPoolJob } from "./pool-job.ts";
import { createPoolLedger } from "./pool-ledger.ts";
import { createPoolSync } from "./pool-sync.ts";
import { createScriptedDialogue } from "./scripted-dialogue.fixture.ts";
import { createViewExchange } from "./view-exchange.ts";

/** One process's whole pool over ports that several may share, for tests. */
export function createPoolProcess(
  owner: string,
  ports: MemoryPorts,
  clock: Clock,
  task: Task<DialogueRequest, Dialogue> = createScriptedDialogue(),
  ahead?: Pick<BatchWriter, "submitDue">,
) {
  const log = createMemoryLog();
  const pool = createActivePool();
  const viewing = createViewingHours(owner, clock);
  const health = createPoolHealth(pool, clock, viewing);
  const alerts = createPoolAlerts(log);
  const { conversations, viewingHours, topics, batches, leases } = ports;
  const exchange = createViewExchange({ conversations, viewingHours, health, viewing, clock });
  const sync = createPoolSync({ pool, conversations, exchange, clock, log, pollMs: 30_000 });
  const generator = createGenerator({
    runTask: runOffline,
    task,
    conversations,
    clock,
    log,
    novelty: createPoolLedger({ ledger: createNoveltyLedger(), pool, conversations }),
    contentVersion: "1",
    approach: () => ({ method: "template" }),
    onEvent: () => {},
    onInserted: (entries) => sync.notify(entries),
  });
  const filler = createFiller({
    generator,
    conversations,
    topics,
    batches,
    clock,
    byModels: false,
    onOutcome: (outcome) => health.observeGeneration(outcome),
  });
  const expiring = [conversations];
  const job = createPoolJob({ owner, leases, filler, ahead, batches, expiring, health, alerts, clock, log });
  const views: MemoryPorts["views"] = {
    ...ports.views,
    async record(view) {
      const recorded = await ports.views.record(view);
      if (recorded) health.observeView(view);
      return recorded;
    },
  };
  const chooser = createChooser({ pool, views, conversations, clock, rng: createRng(owner) });
  return { log, pool, health, alerts, sync, job, chooser };
}
