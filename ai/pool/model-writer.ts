import type { Clock } from "../clock.ts";
import { createRng } from "../rng.ts";
import { runOffline } from "../run-task.ts";
import type { Prompt, RunTask, Scope, Task, TaskResult } from "../task.ts";
import { poolWording } from "../tasks/pool-wording.ts";
import type { Dialogue, DialogueRequest } from "./dialogue.ts";
import type { FallBackReason, ModelMethod } from "./generation-event.ts";
import type { Order } from "./order.ts";
import type { PoolLog } from "./pool-log.ts";

/** What a model wrote. */
export interface ModelText {
  readonly dialogue: Dialogue;
  /** "provider/model" */
  readonly model: string;
  /** What it was told and must not give back word for word. */
  readonly told: string;
}

export type ModelAnswer = ModelText | { readonly missing: FallBackReason };

export interface ModelWriterDeps {
  readonly runTask: RunTask;
  readonly task: Task<DialogueRequest, Dialogue>;
  readonly clock: Clock;
  readonly log: PoolLog;
}

/** One batch's way to models. */
export interface ModelWriter {
  /** Asks for an order's text, the `attempt`th time (from 1); tells why where there is none, and never rejects. */
  ask(order: Order, method: ModelMethod, attempt: number): Promise<ModelAnswer>;
}

/** The next hour's batch is to be begun in time, however slow the models are. */
const MODELS_FOR_MS = 20 * 60_000;

/** Opens the way to models for one batch, which is closed to its rest when there is no model or no money left. */
export function openModelWriter(deps: ModelWriterDeps, signal: AbortSignal): ModelWriter {
  const { runTask, task, clock, log } = deps;
  const openedAtMs = clock.nowMs();
  let closedBy: FallBackReason | undefined;

  const scopeOf = ({ id, approach: { arm } }: Order, draw: string): Scope => {
    return { conversationId: id, signal, rng: createRng(draw), clock, ...(arm && { arm }) };
  };

  /** A conversation of the model's own. */
  async function writeAnew(order: Order, draw: string): Promise<ModelAnswer> {
    const request = { ...order.request, draw };
    return toAnswer(await runTask(task, request, scopeOf(order, draw)), toldBy(task.prompt(request)));
  }

  /** The offline writer's plan in the model's words; the draft is there to be kept in part. */
  async function reword(order: Order, draw: string): Promise<ModelAnswer> {
    const { output } = await runOffline(task, order.request, scopeOf(order, draw));
    const request = { ...order.request, draft: output.messages };
    const told = toldBy({ ...poolWording.prompt(request), messages: [] });
    const answer = toAnswer(await runTask(poolWording, request, scopeOf(order, draw)), told);
    // Who gives the draft back as it was has reworded nothing.
    return "dialogue" in answer && isEcho(answer.dialogue, output) ? { missing: "invalid" } : answer;
  }

  function toAnswer(result: TaskResult<Dialogue>, told: string): ModelAnswer {
    const { source, output, provider, model, offlineReason = "no-model" } = result;
    if (source === "model") return { dialogue: output, model: `${provider}/${model}`, told };
    if (offlineReason === "no-model" || offlineReason === "over-budget") closedBy = offlineReason;
    return { missing: offlineReason };
  }

  return {
    async ask(order, method, attempt) {
      if (clock.nowMs() - openedAtMs >= MODELS_FOR_MS) closedBy ??= "late";
      if (closedBy !== undefined) return { missing: closedBy };
      const draw = toDraw(order, method, attempt);
      try {
        return await (method === "llm" ? writeAnew(order, draw) : reword(order, draw));
      } catch (error) {
        if (!signal.aborted) log.warn({ conversationId: order.id, error }, "a model could not be asked");
        return { missing: "failed" };
      }
    },
  };
}

const plain = (text: string): string => text.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, " ");

/** Whether most lines say the same as the draft's. */
function isEcho({ messages }: Dialogue, draft: Dialogue): boolean {
  const same = messages.filter(({ text }, at) => plain(text) === plain(draft.messages[at]?.text ?? ""));
  return same.length > messages.length / 2;
}

/** The seed of all that is drawn for one asking. */
export function toDraw({ seed }: Order, method: ModelMethod, attempt: number): string {
  return `${seed}/${method}/${attempt}`;
}

/** All the text of a prompt. */
export function toldBy({ system, messages }: Prompt): string {
  return [...system, ...messages].map(({ text }) => text).join("\n");
}
