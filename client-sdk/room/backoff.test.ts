import { expect, test } from "vitest";
import { backoffMs } from "./backoff.ts";

test("waits double up to twelve seconds", () => {
  const most = () => 1 - Number.EPSILON;
  expect([0, 1, 2, 3, 4, 5, 20].map((attempt) => backoffMs(attempt, most))).toEqual([
    400, 800, 1600, 3200, 6400, 12_000, 12_000,
  ]);
});

test("a random half is taken off, never more", () => {
  expect(backoffMs(3, () => 0)).toBe(1600);
  expect(backoffMs(3, () => 0.5)).toBe(2400);
});
