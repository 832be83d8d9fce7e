import { expect, test } from "vitest";
import type { StoredArmDay } from "#schema/stored/arm-day.ts";
import { createFakeClock } from "../fake-clock.ts";
import { createArmCounters } from "./arm-counters.ts";
import { createArmReporter } from "./arm-reporter.ts";
import { sampleExperiment } from "./experiment.fixture.ts";
import type { Arm } from "./read-experiments.ts";

const [arm, other] = sampleExperiment().arms as [Arm, Arm];

function openReporter() {
  const clock = createFakeClock();
  const counters = createArmCounters("p", clock);
  const kept: string[] = [];
  const told: string[] = [];
  const store = { isAway: false, release: Promise.resolve() };
  const reporter = createArmReporter({
    counters,
    clock,
    armDays: {
      async keep({ armId, checked }: StoredArmDay) {
        await store.release;
        if (store.isAway) throw new Error("away");
        kept.push(`${armId} ${checked}`);
      },
    },
    log: { info: (_, text) => void told.push(text), warn: (_, text) => void told.push(text) },
  });
  return { clock, counters, kept, told, store, reporter };
}

test("what changed is written every minute, and the rest at the end", async () => {
  const { clock, counters, kept, reporter } = openReporter();
  reporter.start();
  counters.noteQuality(arm, true);
  await clock.advance(59_999);
  expect(kept).toEqual([]);
  await clock.advance(1);
  await clock.advance(60_000);
  expect(kept).toEqual(["template 1"]);
  counters.noteQuality(arm, true);
  counters.noteQuality(other, true);
  await reporter.stop();
  expect(kept).toEqual(["template 1", "template 2", "model 1"]);
  counters.noteQuality(arm, true);
  await clock.advance(120_000);
  expect(kept).toHaveLength(3);
});

test("while the store is away nothing is lost, and it is said once", async () => {
  const { clock, counters, kept, told, store, reporter } = openReporter();
  reporter.start();
  store.isAway = true;
  counters.noteQuality(arm, true);
  await clock.advance(180_000);
  expect(told).toEqual(["results of experiments cannot be kept; trying on"]);
  await expect(reporter.report()).rejects.toThrow("away");
  store.isAway = false;
  await clock.advance(60_000);
  expect(kept).toEqual(["template 1"]);
  expect(told.at(-1)).toBe("results of experiments are kept again");
});

test("two reports at a time are written one after the other", async () => {
  const { counters, kept, store, reporter } = openReporter();
  const slow = Promise.withResolvers<void>();
  store.release = slow.promise;
  counters.noteQuality(arm, true);
  const first = reporter.report();
  await Promise.resolve();
  store.release = Promise.resolve();
  counters.noteQuality(arm, true);
  const second = reporter.report();
  slow.resolve();
  await Promise.all([first, second]);
  expect(kept).toEqual(["template 1", "template 2"]);
});
