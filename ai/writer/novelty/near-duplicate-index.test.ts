import * as fc from "fast-check";
import { expect, it } from "vitest";
import { toFingerprint } from "./fingerprint.ts";
import { createNearDuplicateIndex } from "./near-duplicate-index.ts";

it("finds exactly the messages of six words and more whose word pairs have a Jaccard index of .6", () => {
  const word = fc.constantFrom("a", "b", "c", "d", "e");
  const message = fc.array(word, { minLength: 1, maxLength: 14 }).map((words) => words.join(" "));
  fc.assert(
    fc.property(fc.array(message, { maxLength: 30 }), message, (known, asked) => {
      const index = createNearDuplicateIndex();
      for (const text of known) index.add(toFingerprint(text));
      const like = known.some((text) => isLike(text, asked));
      expect(index.hasLike(toFingerprint(asked))).toBe(like);
    }),
    { numRuns: 400 },
  );
});

it("forgets what is taken out, and keeps its twin", () => {
  const index = createNearDuplicateIndex();
  const [one, twin] = [
    toFingerprint("one two three four five six"),
    toFingerprint("one two three four five six"),
  ];
  index.add(one);
  index.add(twin);
  index.remove(one);
  expect(index.hasLike(one)).toBe(true);
  index.remove(twin);
  expect(index.hasLike(one)).toBe(false);
});

/** By the definition, without any index. */
function isLike(one: string, other: string): boolean {
  const [left, right] = [one, other].map((text) => text.split(" "));
  if (!left || !right || left.length < 6 || right.length < 6) return false;
  const toPairs = (words: readonly string[]) =>
    new Set(words.slice(1).map((word, at) => `${words[at]} ${word}`));
  const [a, b] = [toPairs(left), toPairs(right)];
  const both = a.intersection(b).size;
  return both / a.union(b).size >= 0.6;
}
