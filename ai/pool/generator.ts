import { setImmediate as nextTurn } from "node:timers/promises";
import type { PoolEntry, StoredConversation } from "#schema/stored/conversation.ts";
import type { StoredTopic } from "#schema/stored/topic.ts";
import { createRng } from "../rng.ts";
import { runOffline } from "../run-task.ts";
import { toPoolEntry } from "./active-pool.ts";
import { askAhead } from "./ask-ahead.ts";
import { checkDialogue } from "./check-dialogue.ts";
import type { GenerationEvent } from "./generation-event.ts";
import {
  openModelWriter,
  type ModelAnswer,
  type ModelText,
  type ModelWriter,
  type ModelWriterDeps,
} from "./model-writer.ts";
import { toConversation, toOrder, type Approach, type Order, type Written } from "./order.ts";
import type { PoolLedger } from "./pool-ledger.ts";
import type { ConversationWriter } from "./ports.ts";

export interface GeneratorDeps extends ModelWriterDeps {
  readonly conversations: ConversationWriter;
  /** Knows what was said in the pool, for the writer not to say it again. */
  readonly novelty: PoolLedger;
  /** Goes into the seeds, so that changed content gives other conversations. */
  readonly contentVersion: string;
  /** How each conversation is to be written where models may be asked. */
  readonly approach: (conversationId: string) => Approach;
  /** Told of every conversation as soon as it is stored. */
  readonly onInserted: (entries: readonly PoolEntry[]) => void;
  readonly onEvent: (event: GenerationEvent) => void;
}

/** A conversation that a model wrote before it was due. */
export interface Prepared extends ModelText {
  readonly topic: StoredTopic;
}

interface BatchRequest {
  readonly hour: string;
  /** Slots to fill; those that exist already are none of these. */
  readonly indexes: readonly number[];
  readonly topics: readonly StoredTopic[];
  /** How often these slots were tried before: a failed text is not tried twice with the same seed. */
  readonly attempt: number;
  /** False writes all of it offline. */
  readonly byModels: boolean;
  /** By slot; these are taken before a model is asked. */
  readonly prepared?: ReadonlyMap<number, Prepared> | undefined;
  readonly signal: AbortSignal;
}

export interface BatchOutcome {
  /** New in the store by this run. */
  readonly written: number;
  /** Could not be written or stored. */
  readonly failed: number;
  /** Another process had stored them first. */
  readonly duplicates: number;
  /** What ended the run early: the store's error, or that there is nothing to talk about. */
  readonly error?: unknown;
}

export interface Generator {
  /**
   * Writes and stores the conversations of these slots, going on past single failures and giving way to
   * everything else after each. Ends early when `signal` is aborted or the store fails; never throws.
   */
  generate(request: BatchRequest): Promise<BatchOutcome>;
}

/** Stored together: few enough that the insertion holds nobody up. */
const CHUNK = 20;
/** Model calls under way: a batch takes a minute or two, and a provider's limits are kept. */
const CALLS_AT_ONCE = 8;
/** How often a model is asked for a conversation that breaks the pool's rules. */
const ASKS = 2;

const TEMPLATE: Approach = { method: "template" };

/** Fills slots of hourly batches. */
export function createGenerator(deps: GeneratorDeps): Generator {
  const { conversations, clock, log, novelty, onEvent } = deps;

  function* toOrders(request: BatchRequest): Iterable<Order> {
    const { contentVersion } = deps;
    const approach = request.byModels ? deps.approach : () => TEMPLATE;
    for (const index of request.indexes) {
      const topic = request.prepared?.get(index)?.topic;
      yield toOrder({ ...request, index, topic, contentVersion, approach });
    }
  }

  async function begin(
    order: Order,
    request: BatchRequest,
    models: ModelWriter,
  ): Promise<ModelAnswer | null> {
    const { method } = order.approach;
    if (method === "template") return null;
    return request.prepared?.get(order.index) ?? (await models.ask(order, method, 1));
  }

  /** A model's text that may enter the pool, or null where the offline writer has to write. */
  async function take(
    order: Order,
    first: ModelAnswer | null,
    models: ModelWriter,
    signal: AbortSignal,
  ): Promise<StoredConversation | null> {
    const { method } = order.approach;
    if (method === "template" || first === null) return null;
    let answer = first;
    for (let asked = 1; ; asked++) {
      signal.throwIfAborted();
      if ("missing" in answer) {
        onEvent({ type: "fell-back", method, reason: answer.missing });
        return null;
      }
      const { dialogue, told, model } = answer;
      const rules = checkDialogue({ messages: dialogue.messages, told, ledger: novelty.ledger });
      // Noted in the same breath: no other text can be let in between.
      if (rules.length === 0) return note(order, { dialogue, method, model });
      onEvent({ type: "rejected", conversationId: order.id, method, rules });
      answer = asked < ASKS ? await models.ask(order, method, asked + 1) : { missing: "rejected" };
    }
  }

  async function writeOffline(order: Order, signal: AbortSignal): Promise<StoredConversation> {
    const scope = { conversationId: order.id, signal, rng: createRng(order.seed), clock };
    const { output } = await runOffline(deps.task, order.request, scope);
    return note(order, { dialogue: output, method: "template" });
  }

  function note(order: Order, written: Written): StoredConversation {
    const conversation = toConversation(order, written, clock.nowMs());
    novelty.note(conversation);
    return conversation;
  }

  async function store(
    chunk: readonly StoredConversation[],
  ): Promise<{ written: number; duplicates: number }> {
    // One moment for the whole chunk, as late as possible: others poll by it.
    const createdAtMs = clock.nowMs();
    const records = chunk.map((conversation) => ({ ...conversation, createdAtMs }));
    const { inserted, duplicates } = await conversations.insertMany(records);
    const refused = new Set(duplicates);
    const stored = records.filter(({ id }) => !refused.has(id));
    deps.onInserted(stored.map(toPoolEntry));
    for (const { id } of records) novelty.settle(id, !refused.has(id));
    for (const { id: conversationId, generationMethod: method } of stored) {
      onEvent({ type: "written", conversationId, method });
    }
    return { written: inserted, duplicates: refused.size };
  }

  return {
    async generate(request) {
      const { hour, indexes } = request;
      if (request.topics.length === 0) {
        const error = new Error("there is no active topic to talk about");
        return { written: 0, failed: indexes.length, duplicates: 0, error };
      }
      const outcome = { written: 0, failed: 0, duplicates: 0 };
      let chunk: StoredConversation[] = [];
      const flush = async () => {
        const { written, duplicates } = await store(chunk);
        outcome.written += written;
        outcome.duplicates += duplicates;
        chunk = [];
      };
      const ending = new AbortController();
      const signal = AbortSignal.any([request.signal, ending.signal]);
      const models = openModelWriter(deps, signal);
      const atOnce = request.byModels ? CALLS_AT_ONCE : 1;
      const ahead = askAhead(toOrders(request), atOnce, (order) => begin(order, request, models));
      try {
        await novelty.catchUp();
        for await (const [order, answer] of ahead) {
          if (signal.aborted) break;
          try {
            chunk.push((await take(order, answer, models, signal)) ?? (await writeOffline(order, signal)));
          } catch (error) {
            if (signal.aborted) break;
            outcome.failed++;
            log.warn({ hour, index: order.index, error }, "a conversation could not be written");
          }
          if (chunk.length >= CHUNK) await flush();
          await nextTurn();
        }
        if (chunk.length > 0) await flush();
      } catch (error) {
        for (const { id } of chunk) novelty.settle(id, false);
        return { ...outcome, failed: outcome.failed + chunk.length, error };
      } finally {
        ending.abort(new Error("the batch has ended"));
      }
      return outcome;
    },
  };
}
