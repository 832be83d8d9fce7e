import { describe, expect, test } from "vitest";
import { archetypes } from "./archetypes.ts";
import { InvalidContentError } from "./read-content.ts";
import { parseTraitLexicon, traitLexicon } from "./trait-lexicon.ts";
import { extractTraits } from "./traits.ts";

const traitsOf = (personality: string, backstory = "") => extractTraits(personality, backstory).traits;

describe("traits from a chatling's texts", () => {
  test("every trait of every archetype is found by its own name", () => {
    for (const { traits } of archetypes.values()) {
      for (const trait of traits) expect(traitsOf(`Very ${trait}.`)).toContain(trait);
    }
  });

  test.each([
    ["Happily hums all day", "cheerful"],
    ["She is BRAVER than most", "brave"],
    ["soft-spoken", "quiet"],
    ["Its curiosity knows no end", "curious"],
    ["level-headed", "balanced"],
    ["Fears nothing", "brave"],
    ["Won’t stop grinning", "cheerful"],
    ["not only brave", "brave"],
    ["never stops asking questions", "curious"],
  ])("%j means %s", (text, trait) => {
    expect(traitsOf(text)).toContain(trait);
  });

  test.each([
    ["not shy", "shy"],
    ["isn’t very brave", "brave"],
    ["never calm or patient", "patient"],
    ["anything but timid", "timid"],
    ["attended a funeral", "fun"],
    ["Fears nothing", "timid"],
    ["misunderstood", "patient"],
  ])("%j does not mean %s", (text, trait) => {
    expect(traitsOf(text)).not.toContain(trait);
  });

  test("a negation ends with its clause", () => {
    expect(traitsOf("Not shy, cheerful")).toEqual(["cheerful"]);
    expect(traitsOf("never serious but brave")).toContain("brave");
  });

  test("texts that say nothing, and no texts, give neutral", () => {
    expect(traitsOf("Lives in a tree.", "Likes soup.")).toEqual(["neutral"]);
    expect(traitsOf("")).toEqual(["neutral"]);
  });

  test("a backstory adds traits, but none the personality contradicts or denies", () => {
    expect(traitsOf("Cheerful", "Studied in a library.")).toEqual(["cheerful", "studious"]);
    expect(traitsOf("Brave and bold", "As a hatchling it was timid.")).not.toContain("timid");
    expect(traitsOf("Not shy at all", "Was shy once.")).toEqual(["neutral"]);
  });

  test("the words that gave each trait are told, with where they stood", () => {
    const { evidence } = extractTraits("Giggles a lot, and is goofy.", "A library was its home.");
    expect(evidence).toEqual([
      { trait: "silly", words: ["giggles", "goofy"], source: "personality" },
      { trait: "studious", words: ["library"], source: "backstory" },
    ]);
  });

  test("a text that names every trait does not make an all-rounder", () => {
    expect(traitsOf([...traitLexicon.traits].join(". "))).toHaveLength(10);
  });

  test("a long text of odd characters is read without harm", () => {
    expect(traitsOf("🔥\u0000((not ".repeat(5000))).toEqual(["neutral"]);
  });
});

describe("the trait file", () => {
  const file = (traits: string) => `negations: not\naffirming: only\ntraits:\n${traits}`;

  test("kin and opposites hold both ways round", () => {
    const lexicon = parseTraitLexicon(
      "t.yaml",
      file("  a: { words: aa, kin: [b], opposites: [] }\n  b: { words: bb, kin: [], opposites: [a] }"),
    );
    expect([...(lexicon.kin.get("b") ?? [])]).toEqual(["a"]);
    expect([...(lexicon.opposites.get("a") ?? [])]).toEqual(["b"]);
  });

  test("an unknown kin, words that are no text and an unreadable wording are refused by name", () => {
    const parse = (traits: string) => () => parseTraitLexicon("t.yaml", file(traits));
    expect(parse("  a: { words: aa, kin: [zz], opposites: [] }")).toThrow(/t\.yaml: traits\.a names .*"zz"/);
    expect(parse("  a: { words: [aa], kin: [], opposites: [] }")).toThrow(InvalidContentError);
    expect(parse('  a: { words: "bb, 12", kin: [], opposites: [] }')).toThrow(/traits\.a .*"12"/);
  });
});
