import { describe, expect, it } from "vitest";
import { ExperimentResults, FIGURES } from "#schema/experiments.ts";
import type { StoredArmDay } from "#schema/stored/arm-day.ts";
import { createFakeClock } from "../fake-clock.ts";
import { createArmCounters, type ArmCounters } from "./arm-counters.ts";
import { MINIMUM, reportExperiment } from "./arm-report.ts";
import { sampleExperiment } from "./experiment.fixture.ts";
import type { Arm } from "./read-experiments.ts";

const experiment = sampleExperiment();
const [template, model] = experiment.arms as [Arm, Arm, Arm];
const Z = 1.959963984540054;

function watch(counters: ArmCounters, arm: Arm, views: number, finished: number): void {
  for (let nth = 0; nth < views; nth++) {
    counters.noteView(arm, `viewer-${nth % 50}`, { finished: nth < finished });
  }
}

/** So many tasks at 1 and at 3 milli-dollars, every tenth refused. */
function ask(counters: ArmCounters, arm: Arm, tasks: number): void {
  for (let nth = 0; nth < tasks; nth++) {
    const costNanoUsd = nth % 2 === 0 ? 1e6 : 3e6;
    const latencyMs = nth % 2 === 0 ? 1000 : 2000;
    const refused = nth % 10 === 0;
    counters.noteTask(arm, {
      costNanoUsd,
      latencyMs,
      refused,
      source: "model",
      attempts: 2,
      repaired: false,
    });
  }
}

function report(note: (counters: ArmCounters, other: ArmCounters) => void) {
  const clock = createFakeClock();
  const [counters, other] = [createArmCounters("p", clock), createArmCounters("q", clock)];
  note(counters, other);
  const records: StoredArmDay[] = [...counters.takeChanged(), ...other.takeChanged()];
  const results = reportExperiment(experiment, records, 7);
  expect(ExperimentResults.parse(results)).toEqual(results);
  return results;
}

describe("the report of an experiment", () => {
  it("adds up what all processes saw, and counts a viewer of both once", () => {
    const { arms, days, minimum } = report((counters, other) => {
      ask(counters, model, 100);
      ask(other, model, 100);
      watch(counters, model, 60, 30);
      watch(other, model, 40, 30);
    });
    expect([days, minimum]).toEqual([7, MINIMUM]);
    expect(arms.map(({ id }) => id)).toEqual(["template", "model", "hybrid"]);
    expect(arms[1]?.results).toMatchObject({
      tasks: 200,
      modelCalls: 400,
      costUsd: 0.4,
      views: 100,
      users: 50,
    });
  });

  it("gives means and shares with their intervals", () => {
    const { figures, latencyP50Ms, latencyP95Ms } = report((counters) => {
      ask(counters, template, 200);
      watch(counters, template, 400, 100);
      for (let nth = 0; nth < 100; nth++) counters.noteQuality(template, nth < 90);
      for (let nth = 0; nth < 200; nth++) counters.noteConversation(template);
    }).arms[0]!.results;
    // Half at 1 and half at 3: a variance of 200/199.
    const half = Z * Math.sqrt(200 / 199 / 200);
    expect(figures.costPerTaskUsd).toEqual({
      value: expect.closeTo(0.002, 12),
      low: expect.closeTo(0.001 * (2 - half), 12),
      high: expect.closeTo(0.001 * (2 + half), 12),
    });
    expect(figures.latencyMs).toMatchObject({ value: 1500, low: expect.closeTo(1500 - 500 * half, 6) });
    // 400 milli-dollars, squares 1000: √(1000 + 400²/400) = 37.417 for 400 views.
    const ofViews = (Z * Math.sqrt(1400)) / 400;
    expect(figures.costPerViewUsd).toEqual({
      value: expect.closeTo(0.001, 12),
      low: expect.closeTo(0.001 * (1 - ofViews), 12),
      high: expect.closeTo(0.001 * (1 + ofViews), 12),
    });
    expect(figures.costPerConversationUsd).toMatchObject({ value: expect.closeTo(0.002, 12) });
    // 20 of 200 and 90 of 100, by Wilson's formula.
    expect(figures.refusalShare).toEqual({
      value: 0.1,
      low: expect.closeTo(0.0657, 4),
      high: expect.closeTo(0.1494, 4),
    });
    expect(figures.passShare).toMatchObject({
      value: 0.9,
      low: expect.closeTo(0.8256, 4),
      high: expect.closeTo(0.9448, 4),
    });
    expect(figures.watchThrough).toMatchObject({ value: 0.25 });
    expect(figures.offlineShare).toMatchObject({ value: 0, low: 0 });
    expect([latencyP50Ms, latencyP95Ms].map((value) => Math.round(Number(value) / 1000))).toEqual([1, 2]);
  });

  it("says of each arm by how much it is above the first, and whether that may be chance", () => {
    const { arms } = report((counters) => {
      watch(counters, template, 400, 200);
      watch(counters, model, 400, 280);
    });
    expect(arms[0]?.results.differences).toBeNull();
    // Newcombe's interval of 280/400 - 200/400.
    expect(arms[1]?.results.differences?.watchThrough).toEqual({
      value: expect.closeTo(0.2, 12),
      low: expect.closeTo(0.1325, 4),
      high: expect.closeTo(0.2649, 4),
      excludesZero: true,
    });
    const close = report((counters) => {
      watch(counters, template, 400, 200);
      watch(counters, model, 400, 205);
    });
    expect(close.arms[1]?.results.differences?.watchThrough).toMatchObject({ excludesZero: false });
  });

  it("tells no number that would rest on too few", () => {
    const { arms } = report((counters) => {
      ask(counters, template, MINIMUM - 1);
      watch(counters, template, MINIMUM, 1);
      watch(counters, model, MINIMUM - 1, 1);
    });
    const [first, second] = arms.map(({ results }) => results);
    expect(first?.figures.costPerTaskUsd).toBe("too-few");
    expect(first?.figures.costPerViewUsd).toBe("too-few");
    expect(first?.latencyP95Ms).toBe("too-few");
    expect(first?.figures.watchThrough).toMatchObject({ value: 0.01 });
    expect(second?.figures.watchThrough).toBe("too-few");
    expect(second?.differences?.watchThrough).toBe("too-few");
  });

  it("of nothing is too few of everything", () => {
    const { arms } = report(() => {});
    for (const { results } of arms) {
      expect(Object.values(results.figures)).toEqual(FIGURES.map(() => "too-few"));
      expect(results).toMatchObject({ tasks: 0, users: 0, costUsd: 0 });
    }
  });
});
