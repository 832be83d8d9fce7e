import type { PoolCoverage } from "#schema/desk.ts";
import type { StoredCoverageHour } from "#schema/stored/coverage-hour.ts";
import type { CoverageHours } from "#data/repositories/coverage-hours.ts";
import type { Clock } from "#ai/clock.ts";
import { HOUR_MS, hourStartMs, toHour } from "#ai/pool/batch-hours.ts";
import type { Pool } from "../create-pool.ts";
import { countByTopic, MOST_TOLD } from "./topic-coverage.ts";

/** How the pool covered topics over the last week: a record an hour in the store, so it outlives the process. */
export interface CoverageHistory {
  start(): void;
  stop(): void;
  /** Of the last so many hours, thinned out evenly to at most `most`. */
  read(hours: number, most: number): Promise<PoolCoverage>;
}

export interface CoverageHistoryOptions {
  readonly pool: Pick<Pool, "active" | "job">;
  readonly coverageHours: Pick<CoverageHours, "keep" | "since">;
  readonly getTopic: (id: string) => Promise<{ readonly text: string } | null>;
  readonly clock: Clock;
  readonly log: { warn(fields: Record<string, unknown>, message: string): void };
}

/** By then it is decided which process looks after the pool. */
const FIRST_AFTER_MS = 60_000;
/** An hour is known by its last look. */
const LOOK_EVERY_MS = 10 * 60_000;

/** Kept by the process that looks after the pool, as all of them see the same. */
export function createCoverageHistory(options: CoverageHistoryOptions): CoverageHistory {
  const { pool, coverageHours, getTopic, clock, log } = options;
  let cancel: (() => void) | undefined;

  async function look(): Promise<void> {
    cancel = clock.after(LOOK_EVERY_MS, () => void look());
    if (!pool.job.isLeader()) return;
    const hour = toHour(clock.nowMs());
    const topics = countByTopic(pool.active)
      .slice(0, MOST_TOLD)
      .map(({ topicId, simple, medium, complex }) => ({ topicId, simple, medium, complex }));
    try {
      await coverageHours.keep({ id: hour, hourStartMs: hourStartMs(hour), topics });
    } catch (err) {
      log.warn({ err }, "the coverage of topics could not be kept; trying on");
    }
  }

  return {
    start: () => void (cancel = clock.after(FIRST_AFTER_MS, () => void look())),
    stop: () => cancel?.(),
    async read(hours, most) {
      const kept = await coverageHours.since(clock.nowMs() - hours * HOUR_MS);
      const step = Math.ceil(kept.length / most);
      return toCoverage(
        kept.filter((_, index) => (kept.length - 1 - index) % step === 0),
        getTopic,
      );
    },
  };
}

/** Most covered topics first; a topic has zeros for hours in which it had no conversation. */
async function toCoverage(
  hours: readonly StoredCoverageHour[],
  getTopic: CoverageHistoryOptions["getTopic"],
): Promise<PoolCoverage> {
  const totals = new Map<string, number>();
  const byHour = hours.map(({ topics }) => new Map(topics.map((counts) => [counts.topicId, counts])));
  for (const { topicId, simple, medium, complex } of hours.flatMap(({ topics }) => topics))
    totals.set(topicId, (totals.get(topicId) ?? 0) + simple + medium + complex);
  const told = [...totals].sort(([, a], [, b]) => b - a).slice(0, MOST_TOLD);
  const topics = told.map(async ([topicId]) => ({
    topicId,
    topic: (await getTopic(topicId))?.text ?? null,
    simple: byHour.map((counts) => counts.get(topicId)?.simple ?? 0),
    medium: byHour.map((counts) => counts.get(topicId)?.medium ?? 0),
    complex: byHour.map((counts) => counts.get(topicId)?.complex ?? 0),
  }));
  return { hours: hours.map((hour) => hour.hourStartMs), topics: await Promise.all(topics) };
}
