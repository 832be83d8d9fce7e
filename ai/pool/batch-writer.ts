import { setImmediate as nextTurn } from "node:timers/promises";
import type { StoredTopic } from "#schema/stored/topic.ts";
import type { Clock } from "../clock.ts";
import { BATCH_ITEM_ID } from "../batch-model.ts";
import type { ModelReply, OutputSchema } from "../model.ts";
import { toOutputSchema } from "../providers/to-output-schema.ts";
import { readAnswer } from "../read-answer.ts";
import type { Prompt, Task } from "../task.ts";
import { BATCH_SIZE, HOUR_MS, toHour } from "./batch-hours.ts";
import type { Dialogue, DialogueRequest } from "./dialogue.ts";
import type { Prepared } from "./generator.ts";
import { toDraw, toldBy } from "./model-writer.ts";
import { toOrder, type Approach, type Order } from "./order.ts";
import { createOutage } from "./outage.ts";
import type { PoolLog } from "./pool-log.ts";
import type { TopicsPort } from "./ports.ts";
import { readTopics } from "./read-topics.ts";

export interface BatchWork {
  readonly task: string;
  readonly output: OutputSchema;
  /** Ids fit `BATCH_ITEM_ID`. */
  readonly items: readonly { readonly id: string; readonly prompt: Prompt }[];
}

export interface BatchReply {
  /** The item's. */
  readonly id: string;
  readonly reply: ModelReply;
  readonly provider: string;
  readonly model: string;
}

/** Work that providers do at leisure, for a share of the price; it is known by our id, also after a restart. */
export interface ModelBatches {
  /** An id that was handed in before is left as it is. */
  submit(id: string, work: BatchWork, signal: AbortSignal): Promise<unknown>;
  /** Complete answers only; nothing of an id that was never handed in. */
  collect(id: string, signal: AbortSignal): Promise<readonly BatchReply[] | "not-yet">;
}

export interface BatchWriterDeps {
  readonly batches: ModelBatches;
  readonly task: Task<DialogueRequest, Dialogue>;
  readonly topics: TopicsPort & { get(id: string): Promise<StoredTopic | null> };
  readonly approach: (conversationId: string) => Approach;
  readonly contentVersion: string;
  readonly clock: Clock;
  readonly log: PoolLog;
}

/** Has models write hours' batches before they are due. */
export interface BatchWriter {
  /** Hands in the batch that is due two hours from now, once; what fails is logged and tried at the next call. */
  submitDue(signal: AbortSignal): Promise<void>;
  /** What has come of an hour's batch, by slot; nothing where it has not, or cannot be had. Never rejects. */
  collect(hour: string, signal: AbortSignal): Promise<ReadonlyMap<number, Prepared>>;
}

/** Most batches are back within the hour; two leave room for a slow one. */
const AHEAD_MS = 2 * HOUR_MS;

/**
 * Nothing is stored for a batch: its id tells hour and content, and so roles and difficulty of each slot; the item's id
 * tells slot and topic, as by the time the answers come other topics may be drawn from.
 */
export function createBatchWriter(deps: BatchWriterDeps): BatchWriter {
  const { batches, task, topics, approach, contentVersion, clock, log } = deps;
  let submitted: string | null = null;
  const outage = createOutage(
    (error) => log.warn({ error }, "the pool's next batch could not be handed in; it will be tried again"),
    () => log.info({}, "the pool's batches are handed in again"),
  );
  const toBatchId = (hour: string): string => `pool-${hour}-v${contentVersion}`;

  const orderOf = (hour: string, index: number, from: readonly StoredTopic[]) =>
    toOrder({ hour, index, topics: from, attempt: 0, contentVersion, approach });

  function toItem(order: Order): BatchWork["items"] {
    const id = `${String(order.index).padStart(3, "0")}_${order.plan.topic.id}`;
    if (!isForBatches(order) || !BATCH_ITEM_ID.test(id)) return [];
    return [{ id, prompt: task.prompt(toRequest(order)) }];
  }

  async function submit(hour: string, signal: AbortSignal): Promise<void> {
    const drawnFrom = await readTopics(topics);
    if (drawnFrom.length === 0) return;
    const items: BatchWork["items"][number][] = [];
    for (let index = 0; index < BATCH_SIZE; index++) {
      items.push(...toItem(orderOf(hour, index, drawnFrom)));
      await nextTurn();
    }
    if (items.length === 0) return;
    const output = toOutputSchema(task.name, task.asked ?? task.output);
    await batches.submit(toBatchId(hour), { task: task.name, output, items }, signal);
    log.info({ hour, conversations: items.length }, "a batch was handed in");
  }

  async function toPrepared(
    hour: string,
    { id, reply, provider, model }: BatchReply,
  ): Promise<readonly [number, Prepared] | null> {
    const index = Number(id.slice(0, 3));
    const topic = await topics.get(id.slice(4));
    // Whoever put a topic to sleep does not want to hear of it.
    if (!topic?.active) return null;
    const order = orderOf(hour, index, [topic]);
    if (!isForBatches(order)) return null;
    const request = toRequest(order);
    const answer = readAnswer(task, request, reply);
    if (answer.type !== "output") return null;
    const told = toldBy(task.prompt(request));
    return [index, { topic, dialogue: answer.output, model: `${provider}/${model}`, told }];
  }

  return {
    async submitDue(signal) {
      const hour = toHour(clock.nowMs() + AHEAD_MS);
      if (submitted === hour) return;
      try {
        await submit(hour, signal);
        submitted = hour;
        outage.ended();
      } catch (error) {
        if (!signal.aborted) outage.began(error);
      }
    },
    async collect(hour, signal) {
      try {
        const replies = await batches.collect(toBatchId(hour), signal);
        if (replies === "not-yet") return new Map();
        const prepared = new Map<number, Prepared>();
        for (const reply of replies) {
          const found = await toPrepared(hour, reply);
          if (found) prepared.set(...found);
        }
        return prepared;
      } catch (error) {
        if (!signal.aborted) log.warn({ hour, error }, "the pool's batch could not be collected");
        return new Map();
      }
    },
  };
}

/**
 * Drafts are not the same again when the answers come, so rewording is asked for when it is due; and so is what an
 * experiment is about, as an arm may say which model is asked.
 */
function isForBatches({ approach }: Order): boolean {
  return approach.method === "llm" && approach.arm === undefined;
}

function toRequest(order: Order): DialogueRequest {
  return { ...order.request, draw: toDraw(order, "llm", 1) };
}
