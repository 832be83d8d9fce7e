import { expect, test } from "vitest";
import type { StoredCoverageHour } from "#schema/stored/coverage-hour.ts";
import { openCoverageHours } from "./coverage-hours.ts";
import { openMemoryStore } from "./memory-store.fixture.ts";

const HOUR_MS = 3_600_000;

const hour = (nth: number, simple: number): StoredCoverageHour => ({
  id: `hour-${nth}`,
  hourStartMs: nth * HOUR_MS,
  topics: [{ topicId: "t1", simple, medium: 1, complex: 0 }],
});

test("what is kept of an hour last is what is known of it", async () => {
  const hours = await openCoverageHours(await openMemoryStore());
  for (const each of [hour(2, 5), hour(1, 3), hour(2, 7)]) await hours.keep(each);
  expect(await hours.since(0)).toEqual([hour(1, 3), hour(2, 7)]);
  expect(await hours.since(2 * HOUR_MS)).toEqual([hour(2, 7)]);
});

test("hours expire after a week", async () => {
  const hours = await openCoverageHours(await openMemoryStore());
  for (const nth of [1, 2, 3]) await hours.keep(hour(nth, 1));
  expect(await hours.expire(170 * HOUR_MS)).toBe(2);
  expect(await hours.since(0)).toEqual([hour(3, 1)]);
});
