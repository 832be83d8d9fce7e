import type { PoolSample } from "#schema/desk.ts";
import type { Clock } from "#ai/clock.ts";
import type { Pool } from "../create-pool.ts";
import { countByTopic } from "./topic-coverage.ts";

/** The pool's figures over the last day, taken every minute. */
export interface PoolHistory {
  start(): void;
  stop(): void;
  /** To be told of what this process generated. */
  noteGenerated(written: number, failed: number): void;
  /** Samples of the last so many hours, thinned out evenly to at most `most`; oldest first, the latest among them. */
  samples(hours: number, most: number): PoolSample[];
}

export const SAMPLE_EVERY_MS = 60_000;
const HOUR_MS = 3_600_000;
export const HOURS_KEPT = 24;
const SAMPLES_KEPT = (HOURS_KEPT * HOUR_MS) / SAMPLE_EVERY_MS;

/** Keeps about a megabyte at most, in memory: it begins anew with the process. */
export function createPoolHistory(
  pool: Pick<Pool, "active" | "health" | "alerts" | "job">,
  clock: Clock,
): PoolHistory {
  const kept: PoolSample[] = [];
  let generated = { written: 0, failed: 0 };
  let cancel: (() => void) | undefined;

  function take(): void {
    const byTopic = countByTopic(pool.active);
    const { coverage_by_difficulty, ...figures } = pool.health.figures();
    kept.push({
      atMs: clock.nowMs(),
      ...figures,
      coverage_by_difficulty: { ...coverage_by_difficulty },
      coverage_by_topic: {
        topics: byTopic.length,
        fewest: byTopic.at(-1)?.active ?? 0,
        most: byTopic[0]?.active ?? 0,
      },
      ...generated,
      isLeader: pool.job.isLeader(),
      alerts: pool.alerts.raised().map(({ name }) => name),
    });
    generated = { written: 0, failed: 0 };
    if (kept.length > SAMPLES_KEPT) kept.shift();
    cancel = clock.after(SAMPLE_EVERY_MS, take);
  }

  return {
    start: take,
    stop: () => cancel?.(),
    noteGenerated(written, failed) {
      generated.written += written;
      generated.failed += failed;
    },
    samples(hours, most) {
      const fromMs = clock.nowMs() - hours * HOUR_MS;
      const wanted = kept.filter(({ atMs }) => atMs >= fromMs);
      const step = Math.ceil(wanted.length / most);
      return wanted.filter((_, index) => (wanted.length - 1 - index) % step === 0);
    },
  };
}
