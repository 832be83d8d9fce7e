import type { StoredArmDay } from "#schema/stored/arm-day.ts";
import type { Clock } from "../clock.ts";
import { addToSketch, createSketch, toText, type Sketch } from "../pool/unique-counter.ts";
import { type ArmSums, createArmSums } from "./arm-sums.ts";
import { addLatency } from "./latency-bins.ts";
import type { Arm } from "./read-experiments.ts";

/** How a task went. */
export interface TaskNote {
  /** Of all its attempts together. */
  readonly costNanoUsd: number;
  readonly latencyMs: number;
  /** Whether a model refused, be it that another one answered then. */
  readonly refused: boolean;
  readonly source: "model" | "offline";
  /** Calls that reached a provider; 0 where none did. */
  readonly attempts: number;
  readonly repaired: boolean;
}

/** What this process saw of the arms, by day. */
export interface ArmCounters {
  noteTask(arm: Arm, note: TaskNote): void;
  /** A conversation was written. */
  noteConversation(arm: Arm): void;
  /** A model's text was held against the quality gates. */
  noteQuality(arm: Arm, passed: boolean): void;
  /** A view is over; it is finished when its last line was seen. */
  noteView(arm: Arm, userId: string, view: { readonly finished: boolean }): void;
  /** Days that changed since the last call, whole, to be reported. */
  takeChanged(): StoredArmDay[];
  /** Days that could not be reported after all. */
  giveBack(days: readonly StoredArmDay[]): void;
}

interface ArmDay extends Pick<StoredArmDay, "id" | "experimentId" | "armId" | "dayStartMs"> {
  readonly sums: ArmSums;
  readonly viewers: Sketch;
}

export const DAY_MS = 24 * 3_600_000;

export const toDayStartMs = (atMs: number): number => Math.floor(atMs / DAY_MS) * DAY_MS;

/** Bounded by some 5 KB for each arm and day; days before yesterday are dropped once they are reported. */
export function createArmCounters(process: string, clock: Clock): ArmCounters {
  const days = new Map<string, ArmDay>();
  const changed = new Set<string>();

  function dropOld(todayMs: number): void {
    for (const [id, { dayStartMs }] of days) {
      if (dayStartMs < todayMs - DAY_MS && !changed.has(id)) days.delete(id);
    }
  }

  function change({ experimentId, id: armId, key }: Arm): ArmDay {
    const dayStartMs = toDayStartMs(clock.nowMs());
    const id = `${process}@${dayStartMs}@${key}`;
    changed.add(id);
    const known = days.get(id);
    if (known) return known;
    dropOld(dayStartMs);
    const day = { id, experimentId, armId, dayStartMs, sums: createArmSums(), viewers: createSketch() };
    days.set(id, day);
    return day;
  }

  return {
    noteTask(arm, { costNanoUsd, latencyMs, refused, source, attempts, repaired }) {
      const { sums } = change(arm);
      sums.tasks++;
      sums.modelCalls += attempts;
      sums.costNanoUsd += costNanoUsd;
      sums.costSquares += costNanoUsd ** 2;
      sums.latencySumMs += latencyMs;
      sums.latencySquares += latencyMs ** 2;
      addLatency(sums.latencyBins, latencyMs);
      if (refused) sums.refusals++;
      if (source === "offline") sums.offline++;
      if (repaired) sums.repairs++;
    },
    noteConversation(arm) {
      change(arm).sums.conversations++;
    },
    noteQuality(arm, passed) {
      const { sums } = change(arm);
      sums.checked++;
      if (passed) sums.passed++;
    },
    noteView(arm, userId, { finished }) {
      const { sums, viewers } = change(arm);
      sums.views++;
      if (finished) sums.finished++;
      addToSketch(viewers, userId);
    },
    takeChanged() {
      const taken = [...changed].flatMap((id) => days.get(id) ?? []);
      changed.clear();
      const updatedAtMs = clock.nowMs();
      return taken.map(({ sums, viewers, ...day }) => {
        const latencyBins = [...sums.latencyBins];
        return { ...day, process, ...sums, latencyBins, users: toText(viewers), updatedAtMs };
      });
    },
    giveBack(unreported) {
      for (const { id } of unreported) changed.add(id);
    },
  };
}
