import { expect, it } from "vitest";
import { toCount, toDayOfYear, toMegabytes, toMoment, toShare, toShortMoney, toSpan } from "./to-words.ts";

it("a figure that is not known is a dash, not a zero", () => {
  expect([toCount(null), toShare(null), toSpan(null)]).toEqual(["–", "–", "–"]);
});

it("counts, shares and sizes are short and carry their unit", () => {
  expect([toCount(12_345.678, 1), toShare(0.9351), toMegabytes(128_400_000)]).toEqual([
    "12,345.7",
    "93.5 %",
    "128.4 MB",
  ]);
});

it("a duration is told in its two largest units", () => {
  const spans = [2.25, 9999, 61_000, 3_600_000, 7_500_000, 200_000_000].map((ms) => toSpan(ms));
  expect(spans).toEqual(["2.3 ms", "9,999 ms", "1 min 1 s", "1 h", "2 h 5 min", "2 d 7 h"]);
});

it("a moment of another day carries its date", () => {
  const noon = new Date(2026, 0, 2, 12, 0, 5).getTime();
  expect(toMoment(noon, noon + 1000)).toBe("12:00:05");
  expect(toMoment(noon, noon + 86_400_000)).toBe("2026-01-02 12:00:05");
});

it("money on an axis is short, however little or much it is", () => {
  expect([0, 0.0025, 0.5, 12, 1500, 1_000_000].map(toShortMoney)).toEqual([
    "$0",
    "$0.0025",
    "$0.5",
    "$12",
    "$1.5K",
    "$1M",
  ]);
});

it("a day is that of UTC", () => {
  expect([toDayOfYear(Date.UTC(2026, 10, 5)), toDayOfYear(Date.UTC(2026, 10, 5, 23, 59))]).toEqual([
    "Nov 5",
    "Nov 5",
  ]);
});
