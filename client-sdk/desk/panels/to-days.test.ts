import { expect, it } from "vitest";
import { toDays } from "./to-days.ts";

const spent = { calls: 1, inputTokens: 1, cachedTokens: 0, outputTokens: 1 };
const byDay = [
  { day: "2026-11-02", costUsd: 0.5, ...spent },
  { day: "2026-11-04", costUsd: 2, ...spent },
];

it("days on which nothing was asked are there too, and the month goes on to today", () => {
  const days = toDays({ month: "2026-11", byDay }, Date.UTC(2026, 10, 5, 7));
  expect(days.map(({ spent }) => spent?.costUsd ?? null)).toEqual([null, 0.5, null, 2, null]);
  expect(days[1]?.atMs).toBe(Date.UTC(2026, 10, 2));
});

it("a month that is over goes on to its last day", () => {
  expect(toDays({ month: "2026-11", byDay }, Date.UTC(2027, 3, 1))).toHaveLength(30);
});

it("a day that this device's clock has not come to yet is shown too", () => {
  expect(toDays({ month: "2026-11", byDay }, Date.UTC(2026, 10, 3))).toHaveLength(4);
});

it("a month to come has no days", () => {
  expect(toDays({ month: "2026-12", byDay: [] }, Date.UTC(2026, 10, 5))).toEqual([]);
});
