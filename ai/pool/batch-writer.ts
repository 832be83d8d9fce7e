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
  /**
   * An id that was handed in before is left as it is. Nothing is handed in where there is no money for it, or nobody who
   * takes it.
   */
  submit(id: string, work: BatchWork, signal: AbortSignal): Promise<"submitted" | "over-budget" | "no-model">;
  /** Complete answers only; nothing of an id that was never handed in. */
  collect(id: string, signal: AbortSignal): Promise<readonly BatchReply[] | "not-yet">;
  /** What was handed in and not collected to its end. */
  open(): Promise<readonly { readonly id: string; readonly isCalledOff: boolean }[]>;
  /**
   * Nobody waits for it any more: calls it off, and once it has ended, pays what was done of it. To be called until it is
   * open no more.
   */
  drop(id: string, signal: AbortSignal): Promise<void>;
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
  /**
   * Hands in the batch that is due two hours from now, once, and settles those that came too late. What fails is logged
   * and tried again at later calls. Never rejects, and takes a minute at most.
   */
  submitDue(signal: AbortSignal): Promise<void>;
  /**
   * What has come of the batch of an hour that is due, by slot; one that has not come yet is called off, as its hour is
   * written at once. Never rejects, and waits a minute for the provider at most.
   */
  collect(hour: string, signal: AbortSignal): Promise<ReadonlyMap<number, Prepared>>;
}

/** Most batches are back within the hour; two leave room for a slow one. */
const AHEAD_MS = 2 * HOUR_MS;
/** Whoever looks after the pool waits for it. */
const WITHIN_MS = 60_000;
/** Before the same batch is handed in again: 1, 2, 4 … 30 minutes. */
const RETRY_MIN_MS = 60_000;
const RETRY_MAX_MS = 30 * 60_000;
/** A provider takes minutes to end what was called off. */
const SETTLE_EVERY_MS = 5 * 60_000;

const NOT_HANDED_IN = {
  "over-budget": "no batch was handed in: the budget has no room for it",
  "no-model": "no batch was handed in: no provider takes it",
} as const;

/** How far the hand-in of one hour's batch has come. */
interface HandIn {
  readonly hour: string;
  readonly attempts: number;
  readonly retryAtMs: number;
}

/** An hour as the ids of batches tell it, whatever the content. */
const BATCH_HOUR = /^pool-(\d{4}-\d\d-\d\dT\d\d)-v/;

/**
 * Nothing is stored for a batch: its id tells hour and content, and so roles and difficulty of each slot; the item's id
 * tells slot and topic, as by the time the answers come other topics may be drawn from.
 */
export function createBatchWriter(deps: BatchWriterDeps): BatchWriter {
  const { batches, task, topics, approach, contentVersion, clock, log } = deps;
  let last: HandIn = { hour: "", attempts: 0, retryAtMs: 0 };
  let settleAtMs = 0;
  const outage = createOutage(
    (error) => log.warn({ error }, "the pool's next batch could not be handed in; it will be tried again"),
    () => log.info({}, "the pool's batches are handed in again"),
  );
  const lateOutage = createOutage(
    (error) => log.warn({ error }, "a late batch of the pool could not be settled; it will be tried again"),
    () => log.info({}, "late batches of the pool are settled again"),
  );
  const toBatchId = (hour: string): string => `pool-${hour}-v${contentVersion}`;

  const orderOf = (hour: string, index: number, from: readonly StoredTopic[]) =>
    toOrder({ hour, index, topics: from, attempt: 0, contentVersion, approach });

  function toItem(order: Order): BatchWork["items"] {
    const id = `${String(order.index).padStart(3, "0")}_${order.plan.topic.id}`;
    if (!isForBatches(order) || !BATCH_ITEM_ID.test(id)) return [];
    return [{ id, prompt: task.prompt(toRequest(order)) }];
  }

  async function submit(hour: string, limit: TimeLimit): Promise<void> {
    const drawnFrom = await readTopics(topics);
    if (drawnFrom.length === 0) return;
    const items: BatchWork["items"][number][] = [];
    for (let index = 0; index < BATCH_SIZE; index++) {
      items.push(...toItem(orderOf(hour, index, drawnFrom)));
      await nextTurn();
    }
    if (items.length === 0) return;
    const output = toOutputSchema(task.name, task.asked ?? task.output);
    const work = { task: task.name, output, items };
    const told = await limit.keep(async (signal) => await batches.submit(toBatchId(hour), work, signal));
    if (told !== "submitted") return log.info({ hour }, NOT_HANDED_IN[told]);
    log.info({ hour, conversations: items.length }, "a batch was handed in");
    outage.ended();
  }

  async function handIn(limit: TimeLimit, outer: AbortSignal): Promise<void> {
    const nowMs = clock.nowMs();
    const hour = toHour(nowMs + AHEAD_MS);
    const { attempts, retryAtMs } = last.hour === hour ? last : { attempts: 0, retryAtMs: 0 };
    if (nowMs < retryAtMs) return;
    try {
      await submit(hour, limit);
      last = { hour, attempts, retryAtMs: Number.POSITIVE_INFINITY };
    } catch (error) {
      const waitMs = Math.min(RETRY_MAX_MS, RETRY_MIN_MS * 2 ** attempts);
      last = { hour, attempts: attempts + 1, retryAtMs: clock.nowMs() + waitMs };
      if (!outer.aborted) outage.began(error);
    }
  }

  /** Nobody waits for the batch of an hour that is over, nor for one that was called off. */
  async function settleLate(limit: TimeLimit, outer: AbortSignal): Promise<void> {
    const nowMs = clock.nowMs();
    if (nowMs < settleAtMs) return;
    settleAtMs = nowMs + SETTLE_EVERY_MS;
    try {
      const open = await batches.open();
      const now = toHour(nowMs);
      const late = open.filter(({ id, isCalledOff }) => {
        const hour = BATCH_HOUR.exec(id)?.[1];
        return hour !== undefined && (isCalledOff || hour < now);
      });
      // One that hangs holds up no other.
      const drop = async (id: string) => await limit.keep(async (signal) => await batches.drop(id, signal));
      const ends = await Promise.allSettled(late.map(async ({ id }) => await drop(id)));
      for (const end of ends) if (end.status === "rejected") throw end.reason;
      lateOutage.ended();
    } catch (error) {
      if (!outer.aborted) lateOutage.began(error);
    }
  }

  async function fetchReplies(hour: string, signal: AbortSignal): Promise<readonly BatchReply[]> {
    const id = toBatchId(hour);
    const replies = await batches.collect(id, signal);
    if (replies !== "not-yet") return replies;
    await batches.drop(id, signal);
    log.info({ hour }, "a batch was not ready when it was due, and is not waited for");
    return [];
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
      const limit = openTimeLimit(clock, signal);
      await handIn(limit, signal);
      await settleLate(limit, signal);
      limit.end();
    },
    async collect(hour, signal) {
      const limit = openTimeLimit(clock, signal);
      try {
        const replies = await limit.keep(async (inTime) => await fetchReplies(hour, inTime));
        const prepared = new Map<number, Prepared>();
        for (const reply of replies) {
          const found = await toPrepared(hour, reply);
          if (found) prepared.set(...found);
        }
        return prepared;
      } catch (error) {
        if (!signal.aborted) log.warn({ hour, error }, "the pool's batch could not be collected");
        return new Map();
      } finally {
        limit.end();
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

interface TimeLimit {
  /** Ends with the limit, even if the work does not heed its signal. */
  keep<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T>;
  end(): void;
}

/** One limit for all that is done until it is ended. */
function openTimeLimit(clock: Clock, outer: AbortSignal): TimeLimit {
  const late = new AbortController();
  const cancel = clock.after(WITHIN_MS, () => late.abort(new Error("the provider took too long")));
  const signal = AbortSignal.any([outer, late.signal]);
  const over = Promise.withResolvers<never>();
  over.promise.catch(() => {});
  const stop = (): void => over.reject(signal.reason);
  if (signal.aborted) stop();
  else signal.addEventListener("abort", stop, { once: true });
  return {
    keep: async (work) => await Promise.race([work(signal), over.promise]),
    end: cancel,
  };
}
