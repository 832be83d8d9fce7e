import { describe, expect, it } from "vitest";
import type { StoredArmDay } from "#schema/stored/arm-day.ts";
import { createFakeClock } from "../fake-clock.ts";
import { countUnique, fromText } from "../pool/unique-counter.ts";
import { createArmCounters, DAY_MS, type TaskNote } from "./arm-counters.ts";
import { sampleExperiment } from "./experiment.fixture.ts";
import type { Arm } from "./read-experiments.ts";

const startMs = Date.UTC(2026, 10, 22);
const [template, model] = sampleExperiment().arms as [Arm, Arm];
const note: TaskNote = {
  costNanoUsd: 2000,
  latencyMs: 1500,
  refused: false,
  source: "model",
  attempts: 1,
  repaired: false,
};

function openCounters() {
  const clock = createFakeClock(startMs);
  return { clock, counters: createArmCounters("p", clock) };
}

const only = (days: readonly StoredArmDay[]): StoredArmDay => {
  expect(days).toHaveLength(1);
  return days[0] as StoredArmDay;
};

describe("what is counted of an arm", () => {
  it("is what its tasks cost and took, and how they ended", () => {
    const { counters } = openCounters();
    counters.noteTask(template, note);
    counters.noteTask(template, { ...note, costNanoUsd: 500, attempts: 3, refused: true, repaired: true });
    counters.noteTask(template, { ...note, costNanoUsd: 0, latencyMs: 5, attempts: 0, source: "offline" });
    const day = only(counters.takeChanged());
    expect(day).toMatchObject({
      id: `p@${startMs}@writers/template`,
      process: "p",
      experimentId: "writers",
      armId: "template",
      dayStartMs: startMs,
      tasks: 3,
      modelCalls: 4,
      costNanoUsd: 2500,
      costSquares: 4_250_000,
      latencySumMs: 3005,
      latencySquares: 4_500_025,
      refusals: 1,
      offline: 1,
      repairs: 1,
      views: 0,
      updatedAtMs: startMs,
    });
    expect(day.latencyBins.filter((count) => count > 0)).toEqual([1, 2]);
  });

  it("is what was written, what passed the gates, and who watched to the end", () => {
    const { counters } = openCounters();
    for (let nth = 0; nth < 2; nth++) counters.noteConversation(model);
    for (const passed of [true, true, false]) counters.noteQuality(model, passed);
    for (const [userId, finished] of [
      ["ann", true],
      ["ann", false],
      ["bob", true],
    ] as const) {
      counters.noteView(model, userId, { finished });
    }
    const day = only(counters.takeChanged());
    expect(day).toMatchObject({
      armId: "model",
      conversations: 2,
      checked: 3,
      passed: 2,
      views: 3,
      finished: 2,
      tasks: 0,
    });
    expect(countUnique([fromText(day.users)])).toBe(2);
    expect(JSON.stringify(day)).not.toMatch(/ann|bob/);
  });

  it("is told whole whenever it changed, and not while it did not", () => {
    const { counters } = openCounters();
    counters.noteTask(template, note);
    const before = only(counters.takeChanged());
    expect(counters.takeChanged()).toEqual([]);
    counters.noteTask(template, note);
    expect(only(counters.takeChanged()).tasks).toBe(2);
    expect(before.tasks).toBe(1);
    expect(before.latencyBins.reduce((sum, count) => sum + count, 0)).toBe(1);
  });

  it("goes to the day it happened on", async () => {
    const { clock, counters } = openCounters();
    await clock.advance(DAY_MS - 1);
    counters.noteTask(template, note);
    await clock.advance(1);
    counters.noteTask(template, note);
    expect(counters.takeChanged().map(({ dayStartMs, tasks }) => [dayStartMs, tasks])).toEqual([
      [startMs, 1],
      [startMs + DAY_MS, 1],
    ]);
  });

  it("is not lost when it could not be reported for days", async () => {
    const { clock, counters } = openCounters();
    counters.noteTask(template, note);
    for (let day = 0; day < 4; day++) {
      counters.giveBack(counters.takeChanged());
      await clock.advance(DAY_MS);
      counters.noteTask(model, note);
    }
    const days = counters.takeChanged();
    expect(days.map(({ armId, tasks }) => `${armId} ${tasks}`)).toEqual([
      "template 1",
      ...Array.from({ length: 4 }, () => "model 1"),
    ]);
  });
});
