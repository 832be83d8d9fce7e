import { expect, it } from "vitest";
import { compareCosts } from "./compare-costs.ts";

const CENT = 10_000_000;

it.each([
  ["the same", 500 * CENT, 500 * CENT, 0, false],
  ["5 % more", 1000 * CENT, 950 * CENT, 0.05, false],
  ["a little over 5 % more", 1000 * CENT, 949 * CENT, 0.051, true],
  ["a little over 5 % less", 949 * CENT, 1000 * CENT, -0.051, true],
  ["twice as much, but by a cent alone", 2 * CENT, CENT, 0.5, false],
  ["a bill where the books are empty", 3 * CENT, 0, 1, true],
  ["no bill for what is booked", 0, 3 * CENT, -1, true],
  ["a credit", -3 * CENT, CENT, -1, true],
  ["nothing at all", 0, 0, 0, false],
])("%s", (_what, billedNanoUsd, bookedNanoUsd, deviation, isAlert) => {
  const check = compareCosts({ provider: "openai", day: "2026-11-21", billedNanoUsd, bookedNanoUsd });
  expect(check.deviation).toBeCloseTo(deviation, 9);
  expect(check.isAlert).toBe(isAlert);
});
