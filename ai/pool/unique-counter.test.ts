import { expect, test } from "vitest";
import { addToSketch, countUnique, createSketch, fromText, toText } from "./unique-counter.ts";

test.each([0, 1, 10, 300, 5000, 15_000, 120_000])("counts %i different ids within 5 percent", (count) => {
  const sketches = Array.from({ length: 21 }, createSketch);
  for (let i = 0; i < count; i++) {
    addToSketch(sketches[i % 20]!, `user-${i}`);
    addToSketch(sketches[20]!, `user-${i}`);
  }
  expect(Math.abs(countUnique(sketches) - count)).toBeLessThanOrEqual(count * 0.05);
});

test("a sketch survives being written as text", () => {
  const sketch = createSketch();
  for (let i = 0; i < 100; i++) addToSketch(sketch, `user-${i}`);
  expect(fromText(toText(sketch))).toEqual(sketch);
  expect(countUnique([fromText("")])).toBe(0);
});
