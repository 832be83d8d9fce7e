import * as fc from "fast-check";
import { expect, test } from "vitest";
import { LINE_SENTIMENTS } from "#schema/vocabulary.ts";
import { toOverallSentiment } from "./overall-sentiment.ts";

const lines = (positive: number, negative: number, neutral: number) => [
  ...Array.from({ length: positive }, () => ({ sentiment: "positive" as const })),
  ...Array.from({ length: negative }, () => ({ sentiment: "negative" as const })),
  ...Array.from({ length: neutral }, () => ({ sentiment: "neutral" as const })),
];

test.each([
  [3, 3, 2, "mixed"],
  [2, 2, 4, "mixed"],
  [3, 2, 3, "mixed"],
  [4, 2, 2, "positive"],
  [2, 4, 2, "negative"],
  [1, 1, 6, "neutral"],
  [2, 2, 5, "neutral"],
  [1, 0, 8, "positive"],
  [0, 1, 8, "negative"],
  [0, 0, 8, "neutral"],
  [0, 0, 0, "neutral"],
  [6, 4, 15, "mixed"],
  [6, 5, 15, "neutral"],
])("%i positive, %i negative and %i neutral lines are %s", (positive, negative, neutral, expected) => {
  expect(toOverallSentiment(lines(positive, negative, neutral))).toBe(expected);
});

const anyLines = fc.array(fc.record({ sentiment: fc.constantFrom(...LINE_SENTIMENTS) }), { maxLength: 30 });
const count = (list: readonly { sentiment: string }[], sentiment: string) =>
  list.filter((line) => line.sentiment === sentiment).length;

test("is mixed whenever both signs have a quarter of the lines and neither more than 1.5 times the other", () => {
  fc.assert(
    fc.property(anyLines, (list) => {
      const [p, n] = [count(list, "positive"), count(list, "negative")];
      const balanced =
        p > 0 && p / list.length >= 0.25 && n / list.length >= 0.25 && p / n <= 1.5 && n / p <= 1.5;
      fc.pre(balanced);
      expect(toOverallSentiment(list)).toBe("mixed");
    }),
    { numRuns: 200 },
  );
});

test("is one-sided exactly when one sign has more than 1.5 times the other", () => {
  fc.assert(
    fc.property(anyLines, (list) => {
      const [p, n] = [count(list, "positive"), count(list, "negative")];
      const overall = toOverallSentiment(list);
      expect(overall === "positive").toBe(p > 1.5 * n);
      expect(overall === "negative").toBe(n > 1.5 * p);
    }),
    { numRuns: 1000 },
  );
});

test("depends on neither the order of the lines nor on which sign is called positive", () => {
  const turned = { positive: "negative", negative: "positive", neutral: "neutral", mixed: "mixed" } as const;
  fc.assert(
    fc.property(anyLines, (list) => {
      const mirrored = list.toReversed().map(({ sentiment }) => ({ sentiment: turned[sentiment] }));
      expect(toOverallSentiment(mirrored)).toBe(turned[toOverallSentiment(list)]);
    }),
  );
});
