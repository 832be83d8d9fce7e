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
  toHour,
} from "./batch-hours.ts";
import type { BatchWriter } from "./batch-writer.ts";
import type { BatchOutcome, Generator } from "./generator.ts";
import type { BatchesPort, ConversationWriter, TopicsPort } from "./ports.ts";
import { readTopics } from "./read-topics.ts";

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
  /** Whether models may be asked for the newest hour's batch and for what is written on demand. */
  readonly byModels: boolean;
  /** Where batches are written by models before they are due. */
  readonly ahead?: Pick<BatchWriter, "collect"> | undefined;
  readonly onProgress?: ((progress: FillProgress) => void) | undefined;
  /** Told of each batch's outcome, for the health figures. */
  readonly onOutcome: (outcome: BatchOutcome) => void;
}

export interface Filler {
  /**
   * Completes the last 24 hours' batches, newest first; one that models write comes last, for the pool not to wait for
   * them. @throws what the store throws.
   */
  fill(signal: AbortSignal): Promise<BatchOutcome>;
  /** Adds conversations to the current hour beyond its batch. @throws what the store throws. */
  addExtra(count: number, signal: AbortSignal): Promise<BatchOutcome>;
  /** Forgets which batches are known to be complete, as another process may have been at work. */
  forget(): void;
}

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

  /** Tells which slots are stored, or were removed by an operator, who would not want them back. */
  async function readTakenSlots(hours: readonly string[]): Promise<(hour: string, index: number) => boolean> {
    const tombstones = await conversations.tombstonesAfter(clock.nowMs() - (BATCHES_KEPT + 1) * HOUR_MS);
    const removed = new Set(tombstones.map(({ conversationId }) => conversationId));
    const stored = new Set<string>();
    for (const hour of hours) for (const slot of await conversations.batchSlotsOfHour(hour)) stored.add(slot);
    return (hour, index) =>
      stored.has(toBatchSlot(hour, index)) || removed.has(toConversationId(hour, index));
  }

  /**
   * Older hours' batches are written offline: a pool filled at once would take models the better part of an hour and a
   * day's money, and half of it would be gone before anybody saw it.
   */
  const isForModels = (hour: string): boolean => deps.byModels && hour === toHour(clock.nowMs());

  /** Of an older hour, models write what they have written already. */
  function toParts(
    hour: string,
    indexes: readonly number[],
    prepared: ReadonlyMap<number, unknown> = new Map(),
  ): readonly { readonly indexes: readonly number[]; readonly byModels: boolean }[] {
    if (isForModels(hour)) return [{ indexes, byModels: true }];
    const parts = [
      { indexes: indexes.filter((index) => prepared.has(index)), byModels: true },
      { indexes: indexes.filter((index) => !prepared.has(index)), byModels: false },
    ];
    return parts.filter((part) => part.indexes.length > 0);
  }

  async function generate(
    hour: string,
    indexes: readonly number[],
    topics: readonly StoredTopic[],
    attempt: number,
    signal: AbortSignal,
  ): Promise<BatchOutcome> {
    const isHourly = indexes.some((index) => index < BATCH_SIZE);
    const prepared = deps.byModels && isHourly ? await deps.ahead?.collect(hour, signal) : undefined;
    let outcome: BatchOutcome = NOTHING;
    for (const part of toParts(hour, indexes, prepared)) {
      const written = await generator.generate({ hour, topics, attempt, prepared, signal, ...part });
      outcome = { ...sum(outcome, written), ...(written.error !== undefined && { error: written.error }) };
      if (outcome.error !== undefined) break;
    }
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
    for (const hour of due.toSorted((a, b) => Number(isForModels(a)) - Number(isForModels(b)))) {
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
      const topics = await readTopics(deps.topics);
      let outcome = NOTHING;
      let done = 0;
      for (const [hour, indexes] of missing) {
        if (signal.aborted) break;
        const attempts = unfinished.get(hour)?.attempts ?? 0;
        const batch = await generate(hour, indexes, topics, attempts, signal);
        outcome = sum(outcome, batch);
        done += batch.written + batch.failed + batch.duplicates;
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
      return generate(hour, indexes, await readTopics(deps.topics), 0, signal);
    },
    forget() {
      complete.clear();
      unfinished.clear();
    },
  };
}
