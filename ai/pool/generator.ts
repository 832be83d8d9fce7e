import { setImmediate as nextTurn } from "node:timers/promises";
import type { PoolEntry, StoredConversation } from "#schema/stored/conversation.ts";
import type { StoredTopic } from "#schema/stored/topic.ts";
import type { ArchetypeId, Difficulty, LineSentiment } from "#schema/vocabulary.ts";
import type { Clock } from "../clock.ts";
import { createRng } from "../rng.ts";
import type { RunTask, Task } from "../task.ts";
import { toPoolEntry } from "./active-pool.ts";
import { expiresAtMs, toBatchSlot, toConversationId } from "./batch-hours.ts";
import { toOverallSentiment } from "./overall-sentiment.ts";
import { planConversation } from "./plan.ts";
import type { PoolLedger } from "./pool-ledger.ts";
import type { PoolLog } from "./pool-log.ts";
import type { ConversationWriter } from "./ports.ts";

/** What the writer is told of a conversation. */
export interface DialogueRequest {
  topic: Pick<StoredTopic, "id" | "text" | "category" | "sentiment" | "material">;
  roles: { slot: number; archetype: ArchetypeId }[];
  difficulty: Difficulty;
}

/** What the writer answers. */
export interface Dialogue {
  messages: {
    slot: number;
    text: string;
    sentiment: LineSentiment;
    /** The sentence pattern it was made of, where it was. */
    core?: string | undefined;
  }[];
}

export interface GeneratorDeps {
  readonly runTask: RunTask;
  readonly task: Task<DialogueRequest, Dialogue>;
  readonly conversations: ConversationWriter;
  readonly clock: Clock;
  readonly log: PoolLog;
  /** Knows what was said in the pool, for the writer not to say it again. */
  readonly novelty: PoolLedger;
  /** Goes into the seeds, so that changed content gives other conversations. */
  readonly contentVersion: string;
  /** Told of every conversation as soon as it is stored. */
  readonly onInserted: (entries: readonly PoolEntry[]) => void;
}

interface BatchRequest {
  readonly hour: string;
  /** Slots to fill; those that exist already are none of these. */
  readonly indexes: readonly number[];
  readonly topics: readonly StoredTopic[];
  /** How often these slots were tried before: a failed text is not tried twice with the same seed. */
  readonly attempt: number;
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

/** Fills slots of hourly batches. */
export function createGenerator(deps: GeneratorDeps): Generator {
  const { conversations, clock, log, novelty } = deps;

  async function write(request: BatchRequest, index: number): Promise<StoredConversation> {
    const { hour, attempt } = request;
    const batchSlot = toBatchSlot(hour, index);
    const retry = attempt > 0 ? `~${attempt}` : "";
    const { topic, difficulty, roles } = planConversation(hour, index, request.topics, deps.contentVersion);
    const { id: topicId, text, category, sentiment, material } = topic;
    const about = { id: topicId, text, category, sentiment, ...(material && { material }) };
    const id = toConversationId(hour, index);
    const { output, source } = await deps.runTask(
      deps.task,
      { topic: about, roles: roles.map(({ slot, archetype }) => ({ slot, archetype })), difficulty },
      {
        conversationId: id,
        signal: request.signal,
        rng: createRng(`${batchSlot}${retry}/${deps.contentVersion}`),
        clock,
      },
    );
    return {
      id,
      batchSlot,
      createdAtMs: clock.nowMs(),
      expiresAtMs: expiresAtMs(hour, index),
      topicId,
      topicText: text,
      category,
      participantCount: roles.length,
      difficulty,
      overallSentiment: toOverallSentiment(output.messages),
      generationMethod: source === "model" ? "llm" : "template",
      viewCount: 0,
      roles,
      messages: output.messages.map(({ slot, text: said, sentiment: tag }, order) => ({
        order,
        slot,
        text: said,
        sentiment: tag,
      })),
      ...toCores(output),
    };
  }

  async function store(
    chunk: readonly StoredConversation[],
  ): Promise<{ written: number; duplicates: number }> {
    // One moment for the whole chunk, as late as possible: others poll by it.
    const createdAtMs = clock.nowMs();
    const records = chunk.map((conversation) => ({ ...conversation, createdAtMs }));
    const { inserted, duplicates } = await conversations.insertMany(records);
    const refused = new Set(duplicates);
    for (const id of duplicates) novelty.ledger.remove(id);
    deps.onInserted(records.filter(({ id }) => !refused.has(id)).map(toPoolEntry));
    return { written: inserted, duplicates: refused.size };
  }

  return {
    async generate(request) {
      const { signal, hour, indexes } = request;
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
      try {
        await novelty.catchUp();
        for (const index of indexes) {
          if (signal.aborted) break;
          try {
            const conversation = await write(request, index);
            chunk.push(conversation);
            novelty.ledger.add(conversation);
          } catch (error) {
            if (signal.aborted) break;
            outcome.failed++;
            log.warn({ hour, index, error }, "a conversation could not be written");
          }
          if (chunk.length >= CHUNK) await flush();
          await nextTurn();
        }
        if (chunk.length > 0) await flush();
      } catch (error) {
        for (const { id } of chunk) novelty.ledger.remove(id);
        return { ...outcome, failed: outcome.failed + chunk.length, error };
      }
      return outcome;
    },
  };
}

/** Absent where any message was made otherwise, say by a model. */
function toCores({ messages }: Dialogue): Pick<StoredConversation, "cores"> {
  const cores = messages.flatMap(({ core }) => core ?? []);
  return cores.length === messages.length ? { cores: cores.join(" ") } : {};
}
