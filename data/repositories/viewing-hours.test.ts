import { expect, test } from "vitest";
import type { StoredViewingHour } from "#schema/stored/viewing-hour.ts";
import { openMemoryStore } from "./memory-store.fixture.ts";
import { openViewingHours } from "./viewing-hours.ts";

const HOUR_MS = 3_600_000;

const hour = (process: string, nth: number, scoreCount: number, updatedAtMs: number): StoredViewingHour => {
  const hourStartMs = nth * HOUR_MS;
  const scoreSum = 8 * scoreCount;
  return { id: `${process}@${nth}`, process, hourStartMs, scoreSum, scoreCount, users: "AAAA", updatedAtMs };
};

test("an hour's later report takes the place of the earlier one, of its own process only", async () => {
  const hours = await openViewingHours(await openMemoryStore());
  await hours.keep(hour("a", 1, 10, 1));
  await hours.keep(hour("b", 1, 3, 2));
  await hours.keep(hour("a", 1, 25, 3));
  expect(await hours.changedSince(0)).toEqual([hour("a", 1, 25, 3), hour("b", 1, 3, 2)]);
  expect(await hours.changedSince(3)).toEqual([hour("a", 1, 25, 3)]);
});

test("hours expire after two days", async () => {
  const hours = await openViewingHours(await openMemoryStore());
  for (const nth of [1, 2, 3]) await hours.keep(hour("a", nth, 1, nth));
  expect(await hours.expire(50 * HOUR_MS)).toBe(2);
  expect(await hours.changedSince(0)).toEqual([hour("a", 3, 1, 3)]);
});
