import type { EngagementDay } from "#schema/desk.ts";
import type { Clock } from "#ai/clock.ts";
import { addToSketch, countUnique, createSketch, type Sketch } from "#ai/pool/unique-counter.ts";
import type { EngagementPort, Watching } from "#rooms/chatroom/attention.ts";
import { createDurationHistogram, type DurationHistogram } from "./duration-histogram.ts";

/** Told of the same sums, for the metrics. */
export interface EngagementListener {
  observeWatching(watching: Watching): void;
  observeSession(seconds: number): void;
}

/** What audiences do, by day, without anything being kept of anybody who has left. */
export interface Engagement extends EngagementPort {
  /** Newest first. */
  days(): EngagementDay[];
}

interface Day {
  started: number;
  finished: number;
  reactions: number;
  /** Cannot be read back into who was there. */
  readonly viewers: Sketch;
  readonly sessions: DurationHistogram;
}

/** Seats that a viewer holds now; there are two for a moment while they change rooms. */
interface Session {
  seats: number;
  readonly sinceMs: number;
}

const DAYS_KEPT = 30;

/** Sums of the last 30 days (UTC) in about 5 KB each, and one small entry for each viewer present. */
export function createEngagement(clock: Clock, listener: EngagementListener): Engagement {
  const days = new Map<string, Day>();
  const sessions = new Map<string, Session>();

  function today(): Day {
    const name = new Date(clock.nowMs()).toISOString().slice(0, 10);
    const known = days.get(name);
    if (known) return known;
    const day: Day = {
      started: 0,
      finished: 0,
      reactions: 0,
      viewers: createSketch(),
      sessions: createDurationHistogram(),
    };
    days.set(name, day);
    for (const old of days.keys()) if (days.size > DAYS_KEPT) days.delete(old);
    return day;
  }

  return {
    entered(userId) {
      addToSketch(today().viewers, userId);
      const session = sessions.get(userId);
      if (session) session.seats++;
      else sessions.set(userId, { seats: 1, sinceMs: clock.nowMs() });
    },
    left(userId) {
      const session = sessions.get(userId);
      if (!session || --session.seats > 0) return;
      sessions.delete(userId);
      const durationMs = clock.nowMs() - session.sinceMs;
      today().sessions.add(durationMs);
      listener.observeSession(durationMs / 1000);
    },
    watched(watching) {
      const day = today();
      day.started += watching.started;
      day.finished += watching.finished;
      day.reactions += watching.reactions;
      listener.observeWatching(watching);
    },
    days: () => [...days].map(([name, day]) => toReport(name, day)).reverse(),
  };
}

function toReport(day: string, { started, finished, reactions, ...rest }: Day): EngagementDay {
  const viewers = countUnique([rest.viewers]);
  return {
    day,
    started,
    finished,
    watchThrough: share(finished, started),
    viewers,
    reactions,
    reactionsPerViewer: share(reactions, viewers),
    sessions: rest.sessions.figures(),
  };
}

/** Null where there was nothing to be a part of. */
const share = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null);
