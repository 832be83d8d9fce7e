import type { StoredViewingHour } from "#schema/stored/viewing-hour.ts";
import type { Clock } from "../clock.ts";
import { HOUR_MS } from "./batch-hours.ts";
import { addToSketch, countUnique, createSketch, fromText, toText, type Sketch } from "./unique-counter.ts";

const DAY_MS = 24 * HOUR_MS;

interface Hour {
  readonly hourStartMs: number;
  scoreSum: number;
  scoreCount: number;
  readonly users: Sketch;
}

/** Castings and users of the last 24 hours, of all processes that report. */
export interface ViewingFigures {
  readonly scoreSum: number;
  readonly scoreCount: number;
  /** Within about 2 %. */
  readonly uniqueUsers: number;
}

/** Hourly sums of what this process sees and what others, and it itself before its last start, have reported. */
export interface ViewingHours {
  observe(userId: string, scores: readonly number[]): void;
  figures(): ViewingFigures;
  /** This process's hours that changed since the last call, to be reported. */
  takeChanged(): StoredViewingHour[];
  /** Hours that could not be reported after all. */
  giveBack(hours: readonly StoredViewingHour[]): void;
  /** Takes up reports; a later one of the same hour replaces the earlier. Those of this process are left out. */
  learn(hours: readonly StoredViewingHour[]): void;
}

/** Bounded by 24 hours of 4 KB for each process that reported in them. */
export function createViewingHours(process: string, clock: Clock): ViewingHours {
  const own = new Map<number, Hour>();
  const others = new Map<string, Hour>();
  const changed = new Set<number>();

  const isKept = ({ hourStartMs }: { hourStartMs: number }): boolean => hourStartMs > clock.nowMs() - DAY_MS;

  function dropOld<Key>(hours: Map<Key, Hour>): void {
    for (const [key, hour] of hours) if (!isKept(hour)) hours.delete(key);
  }

  function currentHour(): Hour {
    const hourStartMs = Math.floor(clock.nowMs() / HOUR_MS) * HOUR_MS;
    changed.add(hourStartMs);
    const known = own.get(hourStartMs);
    if (known) return known;
    dropOld(own);
    const hour: Hour = { hourStartMs, scoreSum: 0, scoreCount: 0, users: createSketch() };
    own.set(hourStartMs, hour);
    return hour;
  }

  return {
    observe(userId, scores) {
      const hour = currentHour();
      for (const score of scores) hour.scoreSum += score;
      hour.scoreCount += scores.length;
      addToSketch(hour.users, userId);
    },
    figures() {
      const hours = [...own.values(), ...others.values()].filter(isKept);
      return {
        scoreSum: hours.reduce((sum, hour) => sum + hour.scoreSum, 0),
        scoreCount: hours.reduce((sum, hour) => sum + hour.scoreCount, 0),
        uniqueUsers: countUnique(hours.map(({ users }) => users)),
      };
    },
    takeChanged() {
      const hours = [...changed].flatMap((hourStartMs) => own.get(hourStartMs) ?? []);
      changed.clear();
      const updatedAtMs = clock.nowMs();
      return hours.map(({ users, ...sums }) => {
        return { id: `${process}@${sums.hourStartMs}`, process, ...sums, users: toText(users), updatedAtMs };
      });
    },
    giveBack(hours) {
      for (const { hourStartMs } of hours) changed.add(hourStartMs);
    },
    learn(hours) {
      for (const { id, process: reporter, hourStartMs, scoreSum, scoreCount, users } of hours) {
        if (reporter === process) continue;
        others.set(id, { hourStartMs, scoreSum, scoreCount, users: fromText(users) });
      }
      dropOld(others);
    },
  };
}
