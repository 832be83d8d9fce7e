import { describe, expect, it } from "vitest";
import {
  estimateDifference,
  estimateMean,
  estimateRatio,
  estimateShare,
  type Estimate,
} from "./intervals.ts";

const rounded = ({ value, low, high }: Estimate, digits = 4) =>
  [value, low, high].map((number) => Number(number.toFixed(digits)));

describe("a share", () => {
  it.each([
    [81, 263, 0.308, 0.2553, 0.3662],
    [15, 148, 0.1014, 0.0624, 0.1605],
    [0, 20, 0, 0, 0.1611],
    [1, 29, 0.0345, 0.0061, 0.1718],
  ])("of %d in %d has the interval that Newcombe prints", (part, whole, ...interval) => {
    expect(rounded(estimateShare(part, whole))).toEqual(interval);
  });
});

describe("a mean", () => {
  it("has the interval of its standard error", () => {
    // 2, 4, 4, 4, 5, 5, 7, 9: sum 40, squares 232, variance 32/7, standard error √(4/7).
    const half = 1.959963984540054 * Math.sqrt(4 / 7);
    expect(rounded(estimateMean(40, 232, 8))).toEqual(rounded({ value: 5, low: 5 - half, high: 5 + half }));
  });

  it("of equal values is exact, whatever rounding leaves of their variance", () => {
    const { value, low, high } = estimateMean(0.3, 0.03 - 1e-17, 3);
    expect([low, high]).toEqual([value, value]);
  });
});

describe("a ratio", () => {
  it("counts both what the cost and what the events owe to chance", () => {
    // Four costs of 3 for 9 events: 12/9, variance (36 + 144/9) / 81 = 52/81.
    const half = (1.959963984540054 * Math.sqrt(52)) / 9;
    expect(rounded(estimateRatio(12, 36, 9))).toEqual(
      rounded({ value: 4 / 3, low: 4 / 3 - half, high: 4 / 3 + half }),
    );
  });

  it("of no cost is nothing, for certain", () => {
    expect(estimateRatio(0, 0, 7)).toEqual({ value: 0, low: 0, high: 0 });
  });
});

describe("a difference", () => {
  it("of two shares has the interval that Newcombe prints", () => {
    expect(rounded(estimateDifference(estimateShare(48, 80), estimateShare(56, 70)))).toEqual([
      0.2, 0.0524, 0.3339,
    ]);
    expect(rounded(estimateDifference(estimateShare(3, 10), estimateShare(9, 10)))).toEqual([
      0.6, 0.1705, 0.809,
    ]);
  });

  it("of two means has that of their standard errors together", () => {
    const first = { value: 10, low: 7, high: 13 };
    const other = { value: 20, low: 16, high: 24 };
    expect(estimateDifference(first, other)).toEqual({ value: 10, low: 5, high: 15 });
  });
});
