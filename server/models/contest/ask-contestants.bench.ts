import type { ModelEntry } from "#ai/catalogue/catalogue-schema.ts";
import type { Clock } from "#ai/clock.ts";
import type { AccountTerms } from "#ai/gateway/ports.ts";
import { checkDialogue } from "#ai/pool/check-dialogue.ts";
import type { Dialogue, DialogueRequest } from "#ai/pool/dialogue.ts";
import { toldBy } from "#ai/pool/model-writer.ts";
import { type Order, toConversation } from "#ai/pool/order.ts";
import { createRng } from "#ai/rng.ts";
import { runOffline } from "#ai/run-task.ts";
import type { OfflineReason, RunTask, Task, TaskResult } from "#ai/task.ts";
import { createPoolDialogue } from "#ai/tasks/pool-dialogue.ts";
import { createNoveltyLedger } from "#ai/writer/novelty/ledger.ts";
import type { Log } from "../../log.ts";
import type { Repositories } from "../../open-repositories.ts";
import { createTaskRunner, type TaskRunner } from "../create-task-runner.ts";
import type { Models } from "../open-models.ts";

/** What became of one order. */
export interface Answered {
  readonly outcome: "answered" | OfflineReason;
  readonly result: TaskResult<Dialogue>;
  /** Until the answer was there or given up, repairs and waiting included. */
  readonly tookMs: number;
  /** Answered, and by the pool's rules. */
  readonly isLetIn: boolean;
}

/** Somebody who writes conversations to order. */
export interface Contestant {
  readonly name: string;
  ask(order: Order): Promise<Answered>;
  /** Why it did not serve, each time. */
  readonly faults: readonly string[];
  close(): Promise<void>;
}

export interface ContestDeps {
  readonly models: Models;
  readonly repositories: Pick<Repositories, "ledger" | "purses">;
  readonly clock: Clock;
  readonly log: Log;
  readonly seed: string;
}

export const nameOf = ({ provider, id }: Pick<ModelEntry, "provider" | "id">): string => `${provider}/${id}`;

/** A model behind all of the gateway's policies, with no other to fall back to, that may spend so much and no more. */
export function createModelContestant(
  entry: ModelEntry,
  limitNanoUsd: number,
  deps: ContestDeps,
): Contestant {
  const name = nameOf(entry);
  const faults: string[] = [];
  const runner = openRunner(entry, deps, {
    terms: async (accountId) => await Promise.resolve(toTerms(accountId === name ? limitNanoUsd : 0)),
    onFault: (fault) => faults.push(fault),
  });
  return { name, faults, ask: createAsk(name, runner.runTask, deps.clock), close: () => runner.close() };
}

/** The offline writer, as what anybody would have without a model. */
export const createOfflineContestant = ({ clock }: Pick<ContestDeps, "clock">): Contestant => ({
  name: "offline writer",
  faults: [],
  ask: createAsk("offline writer", runOffline, clock),
  close: async () => await Promise.resolve(),
});

const toTerms = (monthlyNanoUsd: number): AccountTerms => ({
  monthlyNanoUsd,
  prepaidNanoUsd: 0,
  isSuspended: false,
});

interface RunnerDeps {
  readonly terms: (accountId: string) => Promise<AccountTerms>;
  readonly onFault: (fault: string) => void;
}

function openRunner(
  entry: ModelEntry,
  { models, repositories, clock, log, seed }: ContestDeps,
  { terms, onFault }: RunnerDeps,
): TaskRunner {
  const { catalogue } = models;
  return createTaskRunner({
    models: {
      ...models,
      catalogue: { ...catalogue, plan: (...wish) => ({ ...catalogue.plan(...wish), targets: [entry] }) },
      available: new Set([entry.provider]),
    },
    order: undefined,
    ...repositories,
    accounts: { terms },
    redisUrl: undefined,
    metrics: {
      observeCall: () => {},
      countSwitch: (_provider, reason) => onFault(typeof reason === "string" ? reason : reason.fault),
      setBreaker: () => {},
      observeBatch: () => {},
      countBudgetAlert: () => {},
    },
    clock,
    rng: createRng(`${seed}/${nameOf(entry)}`),
    log,
  });
}

/** Asks for an order and judges the answer as the pool would, which has what the same contestant wrote before. */
function createAsk(userId: string, runTask: RunTask, clock: Clock): Contestant["ask"] {
  const ledger = createNoveltyLedger();
  const task: Task<DialogueRequest, Dialogue> = createPoolDialogue(ledger);
  const { signal } = new AbortController();
  return async (order) => {
    const request = { ...order.request, draw: order.seed };
    const scope = { userId, conversationId: order.id, signal, rng: createRng(order.seed), clock };
    const startedAt = performance.now();
    const result = await runTask(task, request, scope);
    const tookMs = performance.now() - startedAt;
    const outcome = result.source === "offline" ? (result.offlineReason ?? "answered") : "answered";
    const { messages } = result.output;
    const told = toldBy(task.prompt(request));
    const isLetIn = outcome === "answered" && checkDialogue({ messages, told, ledger }).length === 0;
    if (isLetIn) ledger.add(toConversation(order, { dialogue: result.output, method: "llm" }, clock.nowMs()));
    return { outcome, result, tookMs, isLetIn };
  };
}
