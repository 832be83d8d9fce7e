import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { commonestOpening, countLists, distinctShare, exactRepeats, sharedNgramShare } from "./repetition.ts";
import { toTokens } from "./tokens.ts";

const tokensOf = (...texts: string[]): string[][] => texts.map(toTokens);

describe("distinct-n", () => {
  it("is different n-grams over all", () => {
    // a b, b c; a b, b d
    expect(distinctShare(tokensOf("a b c", "a b d"), 2, 100)).toBe(3 / 4);
    expect(distinctShare(tokensOf("a b c", "a b d"), 3, 100)).toBe(1);
  });

  it("makes no n-gram of two messages", () => {
    // a b; b a: were they joined, there would be a third, b b.
    expect(distinctShare(tokensOf("a b", "b a", "a b"), 2, 100)).toBe(2 / 3);
  });

  it("reads on until the budget of tokens is reached", () => {
    const twice = tokensOf("a b c", "a b c");
    expect(distinctShare(twice, 2, 3)).toBe(1);
    expect(distinctShare(twice, 2, 4)).toBe(1 / 2);
  });

  it("is 0 where there are no n-grams", () => {
    expect(distinctShare([], 2, 100)).toBe(0);
    expect(distinctShare(tokensOf("a", "b"), 2, 100)).toBe(0);
  });

  it("falls when a message is repeated", () => {
    const message = fc.array(fc.constantFrom("a", "b", "c", "d"), { minLength: 2, maxLength: 9 });
    fc.assert(
      fc.property(fc.array(message, { minLength: 1, maxLength: 9 }), fc.nat(), (messages, at) => {
        const again = messages[at % messages.length] as string[];
        expect(distinctShare([...messages, again], 2, 1000)).toBeLessThan(distinctShare(messages, 2, 1000));
      }),
      { seed: 1 },
    );
  });
});

describe("the share of messages with a common n-gram", () => {
  it("counts those that hold one of enough messages, of those long enough to hold any", () => {
    const messages = tokensOf(
      "one two three four five six seven",
      "so, one two three four five six",
      "One two three: four five six!",
      "seven eight nine ten eleven twelve",
      "too short to count",
    );
    expect(sharedNgramShare(messages, 6, 3)).toBe(3 / 4);
    expect(sharedNgramShare(messages, 6, 4)).toBe(0);
  });

  it("counts a message once, however often it says the same", () => {
    const messages = tokensOf("a b c a b c a b c", "a b c");
    expect(sharedNgramShare(messages, 3, 3)).toBe(0);
    expect(sharedNgramShare(messages, 3, 2)).toBe(1);
  });

  it("is 0 of nothing and 1 of the same again and again", () => {
    expect(sharedNgramShare([], 6, 3)).toBe(0);
    expect(sharedNgramShare(tokensOf("a b c", "a b c", "a b c"), 3, 3)).toBe(1);
  });
});

it("lists are counted once for each of their items", () => {
  expect(countLists([["a", "a", "b"], ["a"], []])).toEqual(
    new Map([
      ["a", 2],
      ["b", 1],
    ]),
  );
});

describe("exact repeats", () => {
  it("are messages with the same words in a row, whatever their punctuation", () => {
    const messages = tokensOf(
      "Fair point, that.",
      "fair point that",
      "that, fair point",
      "Ha!",
      "Ha.",
      "ha?",
    );
    expect(exactRepeats(messages, (words) => words === 3)).toEqual({ share: 2 / 3, most: 2 });
    expect(exactRepeats(messages, (words) => words < 3)).toEqual({ share: 1, most: 3 });
  });

  it("are none where every message is new, or there is none", () => {
    expect(exactRepeats(tokensOf("a b", "b a"), () => true)).toEqual({ share: 0, most: 1 });
    expect(exactRepeats([], () => true)).toEqual({ share: 0, most: 0 });
  });
});

describe("the most common opening", () => {
  it("is the share that begins with the same three tokens, of messages of four and more", () => {
    const messages = tokensOf("What a fine day", "what a fine, odd hat", "this is not it", "what a fine");
    expect(commonestOpening(messages)).toBe(2 / 3);
  });

  it("is 0 of nothing", () => {
    expect(commonestOpening([])).toBe(0);
    expect(commonestOpening(tokensOf("just three words"))).toBe(0);
  });
});
