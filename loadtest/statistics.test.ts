import { describe, expect, it } from "vitest";
import { median, percentile, ratioWithNoise } from "./statistics.ts";

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

describe("ratioWithNoise", () => {
  const peer = [10, 10, 10];

  it("has no noise between an arm and itself", () => {
    expect(
      ratioWithNoise(
        [
          [12, 13, 14],
          [12, 13, 14],
        ],
        [peer, peer],
      ),
    ).toEqual({ value: 1.3, noise: 0 });
  });

  it("takes both arms together, and their difference for the noise", () => {
    const { value, noise } = ratioWithNoise(
      [
        [12, 12, 12],
        [14, 14, 14],
      ],
      [peer, peer],
    );
    expect(value).toBeCloseTo(1.3);
    expect(noise).toBeCloseTo(0.2);
  });

  it("counts a peer that differs from itself as noise too", () => {
    const { value, noise } = ratioWithNoise(
      [
        [12, 12, 12],
        [12, 12, 12],
      ],
      [peer, [12, 12, 12]],
    );
    expect(value).toBeCloseTo(1.1);
    expect(noise).toBeCloseTo(0.2);
  });

  it("is not moved by one bad round of either side", () => {
    const arm = [12, 12, 900, 12, 12];
    const { value, noise } = ratioWithNoise(
      [arm, arm],
      [
        [10, 10, 10, 10, 500],
        [10, 10, 10, 10, 500],
      ],
    );
    expect(value).toBeCloseTo(1.2);
    expect(noise).toBe(0);
  });

  it("is not moved by a machine that grows slower, as each round is compared with itself", () => {
    const { value, noise } = ratioWithNoise(
      [
        [12, 18, 24],
        [13, 19.5, 26],
      ],
      [
        [10, 15, 20],
        [10, 15, 20],
      ],
    );
    expect(value).toBeCloseTo(1.25);
    expect(noise).toBeCloseTo(0.1);
  });
});
