import { expect, it } from "vitest";
import { toScale, toTicks } from "./scale.ts";
import { toPath } from "./to-path.ts";
import { toSummary } from "./to-summary.ts";

it("ticks are round and enclose what is drawn", () => {
  expect(toTicks(0, 1180)).toEqual([0, 500, 1000, 1500]);
  expect(toTicks(0, 0.93)).toEqual([0, 0.5, 1]);
  expect(toTicks(0, 0, 1)).toEqual([0, 1]);
  expect(toTicks(0, 2, 1)).toEqual([0, 1, 2]);
  for (const high of [1, 3, 7, 19, 99, 101, 12_345]) {
    const ticks = toTicks(0, high);
    expect(ticks.at(-1)).toBeGreaterThanOrEqual(high);
    expect(ticks.length).toBeLessThanOrEqual(6);
  }
});

it("a line breaks where there was nothing to measure, and a lone point is a dot", () => {
  const points = [1, 2, null, 3].map((value, index) => ({ atMs: index, value }));
  expect(
    toPath(
      points,
      (atMs) => atMs * 10,
      (value) => 100 - value,
    ),
  ).toBe("M0 99h0L10 98M30 97h0");
});

it("a range without length is drawn in the middle", () => {
  expect(toScale(5, 5, 0, 100)(5)).toBe(50);
  expect(toScale(0, 10, 100, 0)(2)).toBe(80);
});

it("the summary tells where a figure stands and between what it moved", () => {
  const atMs = new Date(2026, 0, 2, 9, 30).getTime();
  const series = { label: "size", points: [3, null, 9, 5].map((value, i) => ({ atMs: atMs + i, value })) };
  expect(toSummary([series], String)).toBe("Latest 5; lowest 3, highest 9 since 09:30.");
  expect(toSummary([series, series], String)).toContain("size: latest 5;");
  const empty = { label: "size", points: [{ atMs, value: null }] };
  expect(toSummary([empty], String)).toBe("Nothing has been measured yet.");
});
