import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { selfBleu } from "./self-bleu.ts";

const measure = (...texts: string[]): number => selfBleu(texts.map((text) => text.split(" ")));
const geometric = (...precisions: number[]): number =>
  precisions.reduce((product, precision) => product * precision, 1) ** (1 / precisions.length);

describe("self-BLEU-4", () => {
  it("is 1 of equal messages", () => {
    expect(measure("a b c d e", "a b c d e", "a b c d e")).toBeCloseTo(1, 10);
  });

  it("is near 0 of messages without a word in common", () => {
    expect(measure("a b c d e f g h", "i j k l m n o p")).toBeCloseTo(
      geometric(0.1 / 8, 0.1 / 7, 0.1 / 6, 0.1 / 5),
      10,
    );
    expect(measure("a b c d e f g h", "i j k l m n o p")).toBeLessThan(0.02);
  });

  it("is the geometric mean of how many runs of one to four words are found elsewhere", () => {
    expect(measure("a b c d", "a b c e")).toBeCloseTo(geometric(3 / 4, 2 / 3, 1 / 2, 0.1 / 1), 10);
  });

  it("counts a run no oftener than one other message holds it", () => {
    // Only one of the two a is found in any one message, though two messages have one.
    const first = geometric(1 / 4, 0.1 / 3, 0.1 / 2, 0.1 / 1);
    expect(measure("a a b c", "a d", "a e")).toBeCloseTo(first, 10);
  });

  it("holds short messages against others and judges them not", () => {
    expect(measure("a b c d", "a b c")).toBeCloseTo(geometric(3 / 4, 2 / 3, 1 / 2, 0.1 / 1), 10);
  });

  it("has no brevity penalty", () => {
    expect(measure("a b c d", "a b c d x", "x a b c d")).toBeCloseTo(
      (1 + 2 * geometric(5 / 5, 3 / 4, 2 / 3, 1 / 2)) / 3,
      10,
    );
  });

  it("is 0 of no messages, and near it of a single one", () => {
    expect(selfBleu([])).toBe(0);
    expect(measure("a b c d")).toBeLessThan(0.05);
  });

  it("is what comparing each message with each other gives", () => {
    const message = fc.array(fc.constantFrom("a", "b", "c"), { minLength: 0, maxLength: 7 });
    fc.assert(
      fc.property(fc.array(message, { maxLength: 8 }), (messages) => {
        expect(selfBleu(messages)).toBeCloseTo(compareAll(messages), 10);
      }),
      { seed: 1, numRuns: 200 },
    );
  });
});

/** By the definition, message by message. */
function compareAll(messages: readonly (readonly string[])[]): number {
  const scores = messages.flatMap((message, at) => {
    if (message.length < 4) return [];
    const others = messages.toSpliced(at, 1);
    const precisions = [1, 2, 3, 4].map((n) => {
      const runs = toRuns(message, n);
      const found = [...new Set(runs)].map((run) =>
        Math.min(countOf(run, runs), Math.max(0, ...others.map((other) => countOf(run, toRuns(other, n))))),
      );
      return (found.reduce((sum, times) => sum + times, 0) || 0.1) / runs.length;
    });
    return [geometric(...precisions)];
  });
  return scores.length === 0 ? 0 : scores.reduce((sum, score) => sum + score, 0) / scores.length;
}

function toRuns(message: readonly string[], n: number): string[] {
  return message
    .map((_, at) => message.slice(at, at + n).join(" "))
    .slice(0, Math.max(0, message.length - n + 1));
}

const countOf = (run: string, runs: readonly string[]): number =>
  runs.filter((other) => other === run).length;
