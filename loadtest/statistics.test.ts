import { describe, expect, it } from "vitest";
import { median, pairedRatios, percentile, twinNoise } from "./statistics.ts";

describe("median", () => {
  it("is the middle value, whatever the order", () => {
    expect(median([9, 1, 5])).toBe(5);
  });

  it("is the mean of the two middle values of an even number", () => {
    expect(median([4, 1, 3, 100])).toBe(3.5);
  });

  it("sorts by number, not by text", () => {
    expect(median([10, 9, 100])).toBe(10);
  });

  it("of nothing is no number", () => {
    expect(median([])).toBeNaN();
  });
});

describe("percentile", () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);

  it("is the value that so many of a hundred do not exceed", () => {
    expect(percentile(hundred, 0.99)).toBe(99);
    expect(percentile(hundred, 0.5)).toBe(50);
  });

  it("of the whole is the largest value, and of none the smallest", () => {
    expect(percentile(hundred, 1)).toBe(100);
    expect(percentile(hundred, 0)).toBe(1);
  });

  it("never lies between two values", () => {
    expect(percentile([1, 2], 0.75)).toBe(2);
  });
});

describe("twinNoise", () => {
  it("is nothing between an arm and itself", () => {
    expect(twinNoise([3, 5, 8], [3, 5, 8])).toBe(0);
  });

  it("compares within a round, so that drift between rounds does not count", () => {
    expect(twinNoise([100, 200, 400], [101, 202, 404])).toBeCloseTo(0.01, 2);
  });

  it("counts a twin that is dearer like one that is cheaper", () => {
    expect(twinNoise([9, 9, 9], [10, 10, 10])).toBeCloseTo(0.1);
    expect(twinNoise([11, 11, 11], [10, 10, 10])).toBeCloseTo(0.1);
  });
});

describe("pairedRatios", () => {
  it("refuses samples of different rounds", () => {
    expect(() => pairedRatios([1, 2], [1])).toThrow("equal number");
  });
});
