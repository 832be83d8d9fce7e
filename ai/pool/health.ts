import type { StoredBatch } from "#schema/stored/batch.ts";
import { DIFFICULTIES, type Difficulty, type GenerationMethod } from "#schema/vocabulary.ts";
import type { Clock } from "../clock.ts";
import type { ActivePool } from "./active-pool.ts";
import type { AlertFigures } from "./alerts.ts";
import { BATCHES_KEPT, BATCH_SIZE } from "./batch-hours.ts";
import type { GenerationEvent } from "./generation-event.ts";
import { createMethodFigures, type MethodFigures } from "./method-figures.ts";
import type { ViewingHours } from "./viewing-hours.ts";
import { createWindowSums } from "./window-sums.ts";

/** The pool's figures, named as operators know them. A mean of nothing is null. */
export interface PoolFigures {
  readonly active_conversations: number;
  /** Of a day's batches; above 1 where extra ones were written. */
  readonly fill_share: number;
  readonly average_age_hours: number | null;
  readonly view_count_per_conversation: number;
  readonly unique_users_24h: number;
  /** Share of the last 24 hours' attempts that gave a stored conversation. */
  readonly generation_success_rate: number | null;
  /** Mean score, 0–10, of the castings of the last 24 hours. */
  readonly average_match_score: number | null;
  readonly coverage_by_difficulty: { readonly [D in Difficulty]: number };
}

export interface ObservedView {
  readonly userId: string;
  readonly conversationId: string;
  readonly cast: readonly { readonly score: number }[];
}

export interface PoolHealth {
  /** To be told of every recorded view of this process. */
  observeView(view: ObservedView): void;
  observeGeneration(outcome: { readonly written: number; readonly failed: number }): void;
  /** To be told of each text's fate; of this process, since its start. */
  observeEvent(event: GenerationEvent): void;
  /** Takes over what other processes, or this one before a restart, generated. */
  seedGeneration(batches: readonly StoredBatch[]): void;
  /** Views by conversation since the last call, to be added to the store's counts. */
  takeViewCounts(): Map<string, number>;
  /** Counts that could not be written after all. */
  returnViewCounts(counts: ReadonlyMap<string, number>): void;
  /** Takes over the stored view counts of the active conversations, to which all processes add theirs. */
  learnViewCounts(stored: ReadonlyMap<string, number>): void;
  figures(): PoolFigures;
  /** How each way of writing fared in this process in the last 24 hours. */
  generationByMethod(): Record<GenerationMethod, MethodFigures>;
  alertFigures(): Omit<AlertFigures, "settling">;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const BIN_MS = HOUR_MS / 6;
/** Alerts look at the last few hours: long enough for a rate, short enough to clear on the same day. */
const ALERT_WINDOW_MS = 3 * HOUR_MS;

/**
 * Running figures in bounded memory, of all processes as far as they have reported (`view-exchange.ts`). Unique users
 * come from HyperLogLog sketches of an hour each, so their number is within about 2 %.
 */
export function createPoolHealth(pool: ActivePool, clock: Clock, viewing: ViewingHours): PoolHealth {
  let generation = createWindowSums(["written", "failed"], BIN_MS, DAY_MS);
  const methods = createMethodFigures(clock);
  const expiry = createWindowSums(["expired"], BIN_MS, DAY_MS);
  /** Views of conversations that are active; their number is bounded by the pool's. */
  const views = new Map<string, number>();
  let viewSum = 0;
  let unwritten = new Map<string, number>();

  pool.subscribe((ids, reason) => {
    if (reason === "expired") expiry.add(clock.nowMs(), { expired: ids.length });
    for (const id of ids) {
      viewSum -= views.get(id) ?? 0;
      views.delete(id);
    }
  });

  return {
    observeView({ userId, conversationId, cast }) {
      viewing.observe(
        userId,
        cast.map(({ score }) => score),
      );
      unwritten.set(conversationId, (unwritten.get(conversationId) ?? 0) + 1);
      if (pool.get(conversationId) === undefined) return;
      views.set(conversationId, (views.get(conversationId) ?? 0) + 1);
      viewSum++;
    },
    observeGeneration(outcome) {
      generation.add(clock.nowMs(), outcome);
    },
    observeEvent: (event) => methods.note(event),
    seedGeneration(batches) {
      generation = createWindowSums(["written", "failed"], BIN_MS, DAY_MS);
      for (const { updatedAtMs, written, failed } of batches)
        generation.add(updatedAtMs, { written, failed });
    },
    takeViewCounts() {
      const taken = unwritten;
      unwritten = new Map();
      return taken;
    },
    returnViewCounts(counts) {
      for (const [id, count] of counts) unwritten.set(id, (unwritten.get(id) ?? 0) + count);
    },
    learnViewCounts(stored) {
      for (const [id, count] of stored) {
        if (pool.get(id) === undefined) continue;
        const known = count + (unwritten.get(id) ?? 0);
        viewSum += known - (views.get(id) ?? 0);
        views.set(id, known);
      }
    },
    figures() {
      const nowMs = clock.nowMs();
      const { written, failed } = generation.sum(nowMs, DAY_MS);
      const { scoreSum, scoreCount, uniqueUsers } = viewing.figures();
      const coverage = DIFFICULTIES.map((difficulty) => [difficulty, pool.count({ difficulty })]);
      return {
        active_conversations: pool.size,
        fill_share: pool.size / (BATCHES_KEPT * BATCH_SIZE),
        average_age_hours: pool.size > 0 ? (nowMs - pool.meanCreatedAtMs()) / HOUR_MS : null,
        view_count_per_conversation: pool.size > 0 ? viewSum / pool.size : 0,
        unique_users_24h: uniqueUsers,
        generation_success_rate: written + failed > 0 ? written / (written + failed) : null,
        average_match_score: scoreCount > 0 ? scoreSum / scoreCount : null,
        coverage_by_difficulty: Object.fromEntries(coverage) as PoolFigures["coverage_by_difficulty"],
      };
    },
    generationByMethod: () => methods.figures(),
    alertFigures() {
      const nowMs = clock.nowMs();
      const { written, failed } = generation.sum(nowMs, ALERT_WINDOW_MS);
      const { scoreSum, scoreCount } = viewing.figures();
      return {
        activeConversations: pool.size,
        written,
        failed,
        expired: expiry.sum(nowMs, ALERT_WINDOW_MS).expired,
        matchScoreSum: scoreSum,
        matchScoreCount: scoreCount,
      };
    },
  };
}
