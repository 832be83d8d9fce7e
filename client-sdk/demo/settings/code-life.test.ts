import { expect, it } from "vitest";
import { toCountdown, toHalves, toLifeMs } from "./code-life.ts";

const MINUTE_MS = 60_000;

it("a code lives for as long as the server says", () => {
  expect(toLifeMs(10 * MINUTE_MS, MINUTE_MS)).toBe(9 * MINUTE_MS);
});

it.each([
  ["ahead", 60 * MINUTE_MS],
  ["behind", -60 * MINUTE_MS],
])("a clock that is an hour %s does not shorten or lengthen a code's life", (_, nowMs) => {
  expect(toLifeMs(10 * MINUTE_MS, nowMs)).toBe(10 * MINUTE_MS);
});

it.each([
  [10 * MINUTE_MS, "10:00"],
  [9 * MINUTE_MS + 4_001, "9:05"],
  [1, "0:01"],
  [0, "0:00"],
  [-5, "0:00"],
])("%d ms are shown as %s", (leftMs, shown) => {
  expect(toCountdown(leftMs)).toBe(shown);
});

it("a code is shown in halves", () => {
  expect(toHalves("ABCDEFGH")).toBe("ABCD-EFGH");
});
