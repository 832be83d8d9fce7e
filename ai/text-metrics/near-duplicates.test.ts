import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jaccard, nearDuplicateShare } from "./near-duplicates.ts";

const PAIRS = { n: 2, least: 0.6, shortest: 6 };

const measure = (options: typeof PAIRS, ...texts: string[]): number =>
  nearDuplicateShare(
    texts.map((text) => text.split(" ")),
    options,
  );

describe("the share of near duplicates", () => {
  it("counts both of a pair that is alike enough, which the bound itself is", () => {
    // Eight pairs of words each, six in both: 6 of 10.
    expect(measure(PAIRS, "a b c d e f g h i", "a b c d e f g x y", "p q r s t u v w")).toBe(2 / 3);
    // Seven each, five in both: 5 of 9.
    expect(measure(PAIRS, "a b c d e f g h", "a b c d e f x y")).toBe(0);
  });

  it("misses none for a bound that is no round number in the machine", () => {
    // 14 of 25 words, which the machine takes for more than 14 when it multiplies .56 by 25.
    const whole = "a b c d e f g h i j k l m n o p q r s t u v w x y";
    const part = "l m n o p q r s t u v w x y";
    expect(measure({ n: 1, least: 0.56, shortest: 1 }, part, whole)).toBe(1);
  });

  it("leaves out texts that are too short", () => {
    expect(measure(PAIRS, "a b c d e", "a b c d e", "a b c d e f", "k l m n o p")).toBe(0);
  });

  it("is 1 where all are the same", () => {
    expect(measure(PAIRS, "a b c d e f", "a b c d e f", "a b c d e f")).toBe(1);
  });

  it("is 0 of one text, of none, and of texts without n-grams", () => {
    expect(measure(PAIRS, "a b c d e f")).toBe(0);
    expect(measure(PAIRS)).toBe(0);
    expect(measure({ ...PAIRS, shortest: 0 }, "a", "a")).toBe(0);
  });

  it("is what comparing each text with each other gives", () => {
    const text = fc.array(fc.constantFrom("a", "b", "c", "d", "e"), { maxLength: 24 });
    fc.assert(
      fc.property(
        fc.array(text, { maxLength: 25 }),
        fc.record({
          n: fc.integer({ min: 1, max: 3 }),
          least: fc.integer({ min: 1, max: 20 }).map((twentieths) => twentieths / 20),
          shortest: fc.constantFrom(0, 1, 6),
        }),
        (texts, options) => {
          expect(nearDuplicateShare(texts, options)).toBe(compareAll(texts, options));
        },
      ),
      { seed: 1, numRuns: 500 },
    );
  });
});

it("the Jaccard index is members of both over members of either", () => {
  expect(jaccard(new Set(["a", "b", "c"]), new Set(["b", "c", "d"]))).toBe(2 / 4);
  expect(jaccard(new Set(["a"]), new Set(["a"]))).toBe(1);
  expect(jaccard(new Set(), new Set())).toBe(0);
});

/** By the definition, without any index. */
function compareAll(
  texts: readonly (readonly string[])[],
  { n, least, shortest }: { readonly n: number; readonly least: number; readonly shortest: number },
): number {
  const sets = texts
    .filter(({ length }) => length >= shortest)
    .map((text) => new Set(text.slice(n - 1).map((_, at) => text.slice(at, at + n).join(" "))));
  const alike = sets.filter((set, at) =>
    sets.some((other, place) => {
      const both = set.intersection(other).size;
      return place !== at && both > 0 && both / set.union(other).size >= least;
    }),
  );
  return alike.length / Math.max(1, sets.length);
}
