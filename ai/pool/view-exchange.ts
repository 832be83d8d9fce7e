import { setImmediate as nextTurn } from "node:timers/promises";
import type { Clock } from "../clock.ts";
import { HOUR_MS } from "./batch-hours.ts";
import type { PoolHealth } from "./health.ts";
import type { ViewCountsPort, ViewingHoursPort } from "./ports.ts";
import type { ViewingHours } from "./viewing-hours.ts";

export interface ViewExchangeDeps {
  readonly conversations: ViewCountsPort;
  readonly viewingHours: ViewingHoursPort;
  readonly health: Pick<PoolHealth, "takeViewCounts" | "returnViewCounts" | "learnViewCounts">;
  readonly viewing: ViewingHours;
  readonly clock: Clock;
}

/** Tells the other processes, through the store, of the views here, and learns of theirs. */
export interface ViewExchange {
  /** Writes what was seen here since the last time. @throws what the store throws; nothing is lost then */
  report(): Promise<void>;
  /** Reads what all processes, and this one before its start, have reported. */
  learn(): Promise<void>;
}

const AT_ONCE = 50;
const LEARNED_AT_ONCE = 500;
const DAY_MS = 24 * HOUR_MS;
/** Processes' clocks differ a little; a report read twice does no harm. */
const OVERLAP_MS = 120_000;

export function createViewExchange({
  conversations,
  viewingHours,
  health,
  viewing,
  clock,
}: ViewExchangeDeps): ViewExchange {
  let learnedUntilMs = Number.NEGATIVE_INFINITY;

  async function reportCounts(): Promise<void> {
    const counts = [...health.takeViewCounts()];
    for (let at = 0; at < counts.length; at += AT_ONCE) {
      try {
        await conversations.addViews(new Map(counts.slice(at, at + AT_ONCE)));
      } catch (error) {
        health.returnViewCounts(new Map(counts.slice(at)));
        throw error;
      }
      await nextTurn();
    }
  }

  async function reportHours(): Promise<void> {
    const hours = viewing.takeChanged();
    try {
      for (const hour of hours) await viewingHours.keep(hour);
    } catch (error) {
      viewing.giveBack(hours);
      throw error;
    }
  }

  return {
    async report() {
      await reportCounts();
      await reportHours();
    },
    async learn() {
      const sinceMs = Math.max(clock.nowMs() - DAY_MS, learnedUntilMs - OVERLAP_MS);
      const hours = await viewingHours.changedSince(sinceMs);
      viewing.learn(hours);
      learnedUntilMs = hours.reduce(
        (latest, { updatedAtMs }) => Math.max(latest, updatedAtMs),
        learnedUntilMs,
      );
      let counts = new Map<string, number>();
      for await (const { id, viewCount } of conversations.iterateViewCounts(clock.nowMs())) {
        counts.set(id, viewCount);
        if (counts.size < LEARNED_AT_ONCE) continue;
        health.learnViewCounts(counts);
        counts = new Map();
        await nextTurn();
      }
      health.learnViewCounts(counts);
    },
  };
}
