import { expect, it } from "vitest";
import { toLevel } from "./to-level.ts";

it("only nothing has no shade, and the most has the darkest", () => {
  expect([0, 1, 20, 21, 50, 99, 100].map((count) => toLevel(count, 100))).toEqual([0, 1, 1, 2, 3, 5, 5]);
  expect([0, 1, 2, 3].map((count) => toLevel(count, 3))).toEqual([0, 2, 4, 5]);
  expect(toLevel(0, 0)).toBe(0);
});
