import { expect, test } from "vitest";
import type { StoredArmDay } from "#schema/stored/arm-day.ts";
import { ARM_DAYS_KEPT, openArmDays } from "./arm-days.ts";
import { openMemoryStore } from "./memory-store.fixture.ts";

const DAY_MS = 24 * 3_600_000;

const day = (process: string, arm: string, nth: number, tasks: number): StoredArmDay => {
  const [experimentId = "", armId = ""] = arm.split("/");
  return {
    id: `${process}@${nth}@${arm}`,
    process,
    experimentId,
    armId,
    dayStartMs: nth * DAY_MS,
    tasks,
    modelCalls: 2 * tasks,
    costNanoUsd: 1000 * tasks,
    costSquares: 1e6 * tasks,
    latencySumMs: 10 * tasks,
    latencySquares: 100 * tasks,
    latencyBins: [tasks, 0, 0],
    refusals: 1,
    offline: 2,
    repairs: 3,
    conversations: tasks,
    checked: tasks,
    passed: tasks,
    views: tasks,
    finished: tasks,
    users: "AAAA",
    updatedAtMs: tasks,
  };
};

test("a day's later report takes the place of the earlier one, of its own process and arm only", async () => {
  const days = await openArmDays(await openMemoryStore());
  await days.keep(day("a", "e/x", 1, 10));
  await days.keep(day("b", "e/x", 1, 3));
  await days.keep(day("a", "e/y", 1, 4));
  await days.keep(day("a", "e/x", 2, 5));
  await days.keep(day("a", "e/x", 1, 25));
  const kept = await Array.fromAsync(days.since("e", 0));
  expect(kept).toHaveLength(4);
  expect(kept).toEqual(
    expect.arrayContaining([
      day("a", "e/x", 1, 25),
      day("b", "e/x", 1, 3),
      day("a", "e/y", 1, 4),
      day("a", "e/x", 2, 5),
    ]),
  );
});

test("days are those of one experiment, from a moment on", async () => {
  const days = await openArmDays(await openMemoryStore());
  for (const nth of [1, 2, 3]) await days.keep(day("a", "e/x", nth, nth));
  await days.keep(day("a", "other/x", 3, 9));
  expect(await Array.fromAsync(days.since("e", 2 * DAY_MS))).toEqual([
    day("a", "e/x", 2, 2),
    day("a", "e/x", 3, 3),
  ]);
});

test("days expire after a quarter of a year", async () => {
  const days = await openArmDays(await openMemoryStore());
  for (const nth of [1, 2, 3]) await days.keep(day("a", "e/x", nth, nth));
  expect(await days.expire((2 + ARM_DAYS_KEPT) * DAY_MS)).toBe(2);
  expect(await Array.fromAsync(days.since("e", 0))).toEqual([day("a", "e/x", 3, 3)]);
});
