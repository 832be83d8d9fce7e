import { describe, expect, it } from "vitest";
import { toContentWords, toNgrams, toTokens } from "./tokens.ts";

describe("tokens", () => {
  it("are words in small letters, with what follows an apostrophe", () => {
    expect(toTokens("Don't panic: it’s 10 past, isn't it?!")).toEqual([
      "don't",
      "panic",
      "it’s",
      "10",
      "past",
      "isn't",
      "it",
    ]);
  });

  it("have the word name for whoever is named", () => {
    expect(toTokens("Well, {slot:12}, ask {slot:0}.")).toEqual(["well", "name", "ask", "name"]);
  });

  it("are none in a text without words", () => {
    expect(toTokens("")).toEqual([]);
    expect(toTokens("… ?!")).toEqual([]);
  });
});

describe("n-grams", () => {
  it("are every run of as many tokens", () => {
    expect(toNgrams(["so", "it", "goes"], 1)).toEqual(["so", "it", "goes"]);
    expect(toNgrams(["so", "it", "goes"], 2)).toEqual(["so it", "it goes"]);
    expect(toNgrams(["so", "it", "goes"], 3)).toEqual(["so it goes"]);
  });

  it("are none where there are fewer tokens", () => {
    expect(toNgrams(["so", "it"], 3)).toEqual([]);
    expect(toNgrams([], 1)).toEqual([]);
  });
});

describe("content words", () => {
  it("leave out function words and those of two letters", () => {
    expect(toContentWords(toTokens("I think that an ox would like the very old barn"))).toEqual(
      new Set(["old", "barn"]),
    );
  });

  it.each([
    ["singing", "sing"],
    ["sings", "sing"],
    ["ring", "ring"],
    ["stories", "story"],
    ["walked", "walk"],
    ["seed", "seed"],
    ["glass", "glass"],
    ["glasses", "glass"],
    ["bus", "bus"],
    ["houses", "hous"],
    ["house", "hous"],
    ["cake", "cake"],
    ["dog's", "dog"],
    ["dog’s", "dog"],
  ])("count %s as %s", (word, stem) => {
    expect(toContentWords([word])).toEqual(new Set([stem]));
  });
});
