import { expect, it } from "vitest";
import { measureMtld } from "./lexical-diversity.ts";

const measure = (text: string): number => measureMtld(text.split(" "));

it("is the length of a text all of whose words are new", () => {
  expect(measure("a b c d")).toBe(4);
  expect(measure("a")).toBe(1);
});

it("is 2 for one word again and again: each second word ends a factor", () => {
  expect(measure("a a a a")).toBe(2);
});

it("ends a factor where different words have fallen to .72 of all", () => {
  // 2 of 3 is less.
  expect(measure("a b a")).toBe(3);
});

it("counts what is left over as far as it came", () => {
  // 3 of 4 is .25 on the way of .28 from 1 to .72.
  expect(measure("a b c a")).toBeCloseTo(4 / (0.25 / 0.28), 10);
});

it("is the mean of both directions", () => {
  // Forward a a is one factor, and b c come no way towards another; backward 3 of 4.
  expect(measure("a a b c")).toBeCloseTo((4 / 1 + 4 / (0.25 / 0.28)) / 2, 10);
});

it("is 0 without a word", () => {
  expect(measureMtld([])).toBe(0);
});
