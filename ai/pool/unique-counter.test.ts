import { expect, test } from "vitest";
import { createUniqueCounter } from "./unique-counter.ts";

const HOUR_MS = 3_600_000;

test.each([0, 1, 10, 300, 5000, 15_000, 120_000])("counts %i different ids within 5 percent", (count) => {
  const counter = createUniqueCounter(HOUR_MS, 24);
  for (let i = 0; i < count; i++) {
    counter.add(`user-${i}`, (i % 20) * HOUR_MS);
    counter.add(`user-${i}`, 20 * HOUR_MS);
  }
  expect(Math.abs(counter.count(20 * HOUR_MS) - count)).toBeLessThanOrEqual(count * 0.05);
});

test("forgets who was last there longer ago than the window", () => {
  const counter = createUniqueCounter(HOUR_MS, 24);
  for (let i = 0; i < 100; i++) counter.add(`old-${i}`, 0);
  for (let i = 0; i < 10; i++) counter.add(`new-${i}`, 12 * HOUR_MS);
  expect(Math.abs(counter.count(23 * HOUR_MS) - 110)).toBeLessThanOrEqual(5);
  expect(counter.count(24 * HOUR_MS)).toBe(10);
  expect(counter.count(40 * HOUR_MS)).toBe(0);
});
