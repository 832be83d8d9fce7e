import type { StoredTopic } from "#schema/stored/topic.ts";
import type { Clock } from "../clock.ts";
import {
  BATCHES_KEPT,
  BATCH_SIZE,
  HOUR_MS,
  hoursKept,
  hourStartMs,
  toBatchSlot,
  toConversationId,
} from "./batch-hours.ts";
import type { BatchOutcome, Generator } from "./generator.ts";
import type { BatchesPort, ConversationWriter, TopicsPort } from "./ports.ts";

export interface FillProgress {
  readonly hour: string;
  /** Conversations of this fill that were tried so far, and all that were missing when it began. */
  readonly done: number;
  readonly total: number;
}

export interface FillerDeps {
  readonly generator: Generator;
  readonly conversations: ConversationWriter;
  readonly topics: TopicsPort;
  readonly batches: BatchesPort;
  readonly clock: Clock;
  readonly onProgress?: ((progress: FillProgress) => void) | undefined;
  /** Told of each batch's outcome, for the health figures. */
  readonly onOutcome: (outcome: BatchOutcome) => void;
}

export interface Filler {
  /** Completes the last 24 hours' batches, newest first. @throws what the store throws. */
  fill(signal: AbortSignal): Promise<BatchOutcome>;
  /** Adds conversations to the current hour beyond its batch. @throws what the store throws. */
  addExtra(count: number, signal: AbortSignal): Promise<BatchOutcome>;
  /** Forgets which batches are known to be complete, as another process may have been at work. */
  forget(): void;
}

/** The batch draws from this many of the newest topics; where fewer are active, starters fill up. */
const NEWEST_TOPICS = 50;
/** Minutes to wait before a batch with failures is tried again: 1, 2, 4, 8, then 15. */
const RETRY_MAX_MS = 15 * 60_000;
const RETRY_MIN_MS = 60_000;

interface Unfinished {
  attempts: number;
  retryAtMs: number;
}

function sum(a: BatchOutcome, b: BatchOutcome): BatchOutcome {
  return {
    written: a.written + b.written,
    failed: a.failed + b.failed,
    duplicates: a.duplicates + b.duplicates,
  };
}

const NOTHING: BatchOutcome = { written: 0, failed: 0, duplicates: 0 };

/** Keeps 24 batches of 100 conversations. */
export function createFiller(deps: FillerDeps): Filler {
  const { generator, conversations, clock } = deps;
  const complete = new Set<string>();
  const unfinished = new Map<string, Unfinished>();

  async function readTopics(): Promise<readonly StoredTopic[]> {
    const newest = await deps.topics.newestActive(NEWEST_TOPICS);
    if (newest.length >= NEWEST_TOPICS) return newest;
    const starters = await deps.topics.activeStarters();
    const known = new Set(newest.map(({ id }) => id));
    return [...newest, ...starters.filter(({ id }) => !known.has(id))];
  }

  /** Tells which slots are stored, or were removed by an operator, who would not want them back. */
  async function readTakenSlots(hours: readonly string[]): Promise<(hour: string, index: number) => boolean> {
    const tombstones = await conversations.tombstonesAfter(clock.nowMs() - (BATCHES_KEPT + 1) * HOUR_MS);
    const removed = new Set(tombstones.map(({ conversationId }) => conversationId));
    const stored = new Set<string>();
    for (const hour of hours) for (const slot of await conversations.batchSlotsOfHour(hour)) stored.add(slot);
    return (hour, index) =>
      stored.has(toBatchSlot(hour, index)) || removed.has(toConversationId(hour, index));
  }

  async function generate(
    hour: string,
    indexes: readonly number[],
    topics: readonly StoredTopic[],
    attempt: number,
    signal: AbortSignal,
  ): Promise<BatchOutcome> {
    const outcome = await generator.generate({ hour, indexes, topics, attempt, signal });
    deps.onOutcome(outcome);
    if (outcome.error !== undefined) throw outcome.error;
    await deps.batches.report({
      id: hour,
      hourStartMs: hourStartMs(hour),
      wanted: indexes.length,
      written: outcome.written,
      failed: outcome.failed,
      updatedAtMs: clock.nowMs(),
    });
    return outcome;
  }

  async function findMissing(): Promise<Map<string, number[]>> {
    const nowMs = clock.nowMs();
    const kept = hoursKept(nowMs);
    for (const hour of complete) if (!kept.includes(hour)) complete.delete(hour);
    for (const hour of unfinished.keys()) if (!kept.includes(hour)) unfinished.delete(hour);
    const due = kept.filter((hour) => !complete.has(hour) && (unfinished.get(hour)?.retryAtMs ?? 0) <= nowMs);
    const missing = new Map<string, number[]>();
    if (due.length === 0) return missing;
    const isTaken = await readTakenSlots(due);
    for (const hour of due) {
      const slots = Array.from({ length: BATCH_SIZE }, (_, index) => index);
      const indexes = slots.filter((index) => !isTaken(hour, index));
      if (indexes.length === 0) complete.add(hour);
      else missing.set(hour, indexes);
    }
    return missing;
  }

  return {
    async fill(signal) {
      const missing = await findMissing();
      const total = [...missing.values()].reduce((count, indexes) => count + indexes.length, 0);
      if (total === 0) return NOTHING;
      const topics = await readTopics();
      let outcome = NOTHING;
      let done = 0;
      for (const [hour, indexes] of missing) {
        if (signal.aborted) break;
        const attempts = unfinished.get(hour)?.attempts ?? 0;
        const batch = await generate(hour, indexes, topics, attempts, signal);
        outcome = sum(outcome, batch);
        done += indexes.length;
        deps.onProgress?.({ hour, done, total });
        if (signal.aborted) break;
        if (batch.failed === 0) {
          complete.add(hour);
          unfinished.delete(hour);
        } else {
          const waitMs = Math.min(RETRY_MAX_MS, RETRY_MIN_MS * 2 ** attempts);
          unfinished.set(hour, { attempts: attempts + 1, retryAtMs: clock.nowMs() + waitMs });
        }
      }
      return outcome;
    },
    async addExtra(count, signal) {
      const hour = hoursKept(clock.nowMs())[0] as string;
      const isTaken = await readTakenSlots([hour]);
      const indexes: number[] = [];
      for (let index = BATCH_SIZE; indexes.length < count; index++)
        if (!isTaken(hour, index)) indexes.push(index);
      return generate(hour, indexes, await readTopics(), 0, signal);
    },
    forget() {
      complete.clear();
      unfinished.clear();
    },
  };
}
