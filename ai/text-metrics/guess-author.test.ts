import { describe, expect, it } from "vitest";
import { createRng, pick } from "../rng.ts";
import { guessRightShare, type Sample } from "./guess-author.ts";

const by = (author: string, ...texts: string[]): Sample<string>[] => texts.map((text) => ({ author, text }));

describe("the share of authors guessed right", () => {
  it("is 1 for authors with words of their own", () => {
    const taught = [
      ...by("pirate", "Arr, the sea!", "Hoist the sail, arr"),
      ...by("poet", "O gentle moon", "The moon is silver, o moon"),
    ];
    expect(
      guessRightShare(taught, [...by("pirate", "The sail! Arr!"), ...by("poet", "the silver sail, o moon")]),
    ).toBe(1);
  });

  it("tells by pairs of words who has the same words in another order", () => {
    const taught = [...by("one", "red then blue"), ...by("other", "blue then red")];
    expect(guessRightShare(taught, [...by("one", "then blue"), ...by("other", "then red")])).toBe(1);
  });

  it("tells by runs of punctuation who has the same words", () => {
    const taught = [...by("loud", "Well!!", "yes!!"), ...by("soft", "Well…", "yes…")];
    expect(guessRightShare(taught, [...by("loud", "yes!! well!!"), ...by("soft", "yes… well…")])).toBe(1);
  });

  it("weighs a word by how much of an author it is, not by how often it came", () => {
    // Five features against one, four different ones in all. b: (1 + .3) / (5 + 1.2) against (1 + .3) / (1 + 1.2).
    const taught = [...by("long", "a a b"), ...by("short", "b")];
    expect(guessRightShare(taught, by("short", "b"))).toBe(1);
    expect(guessRightShare(taught, by("long", "a"))).toBe(1);
    expect(guessRightShare(taught, by("long", "b"))).toBe(0);
  });

  it("takes whoever writes most where a text tells nothing, a speaker's name least of all", () => {
    const taught = [...by("few", "{slot:1}, hello"), ...by("many", "hello", "hello")];
    expect(guessRightShare(taught, by("many", "{slot:1}"))).toBe(1);
    expect(guessRightShare(taught, by("many", "Unheard of"))).toBe(1);
  });

  it("is about chance where authors write alike", () => {
    const rng = createRng("alike");
    const write = () => ["one", "two", "six"].map(() => pick(rng, ["a", "b", "c", "d"])).join(" ");
    const samples = Array.from({ length: 1000 }, (_, at) => ({ author: at % 2, text: write() }));
    const share = guessRightShare(samples.slice(0, 500), samples.slice(500));
    expect(share).toBeGreaterThan(0.4);
    expect(share).toBeLessThan(0.6);
  });

  it("is 0 where nothing was taught or is tested", () => {
    expect(guessRightShare([], by("one", "hello"))).toBe(0);
    expect(guessRightShare(by("one", "hello"), [])).toBe(0);
  });
});
