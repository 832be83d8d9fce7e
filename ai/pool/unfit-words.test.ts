import { expect, test } from "vitest";
import { InvalidContentError } from "./read-content.ts";
import { findUnfit, parseUnfitWords, UNFIT_GROUPS } from "./unfit-words.ts";

const list = (change: Record<string, string> = {}) =>
  [...UNFIT_GROUPS, "innocent"].map((group) => `${group}: [${change[group] ?? "zzz"}]`).join("\n");

test("words are found whole, phrases across any blanks, and a star takes any ending", () => {
  const find = parseUnfitWords(
    "f",
    list({ profanity: "drat*", violence: "pie fight, it's war", drugs: "tea" }),
  );
  expect(find("DRATTED! And a  pie\nfight; it’s war.")).toEqual(["profanity", "violence"]);
  expect(find("A drat-free hydrat, a pie-fighter and some steamed teas")).toEqual(["profanity"]);
  expect(find("hydrat, pie fights, teas, tearoom")).toEqual([]);
});

test("what an innocent phrase holds is not found, but the same word elsewhere is", () => {
  const find = parseUnfitWords("f", list({ violence: "murder*", innocent: "murder of crows" }));
  expect(find("A murder of crows!")).toEqual([]);
  expect(find("A murder of crows, a murder of cooks.")).toEqual(["violence"]);
});

test.each([
  ["profanity", "F u c k"],
  ["profanity", "sh1t!"],
  ["profanity", "fu\u200Bck"],
  ["profanity", "f\u0443ck"],
  ["profanity", "ｆｕｃｋ"],
  ["profanity", "fuuuuck"],
  ["profanity", "@sshole"],
  ["slur", "n1gger"],
  ["slur", "f.a.g"],
  ["slur", "r3t\u0336ard"],
])("%s is found however it is spelled: %s", (group, text) => {
  expect(findUnfit(text)).toEqual([group]);
});

test("a list with a fault is refused, and the fault named", () => {
  expect(() => parseUnfitWords("f.yaml", list({ slur: "a|b" }))).toThrow(/f\.yaml: slur\.0/);
  expect(() => parseUnfitWords("f.yaml", "profanity: [x]")).toThrow(InvalidContentError);
  expect(() => parseUnfitWords("f.yaml", `${list()}\nmore: [x]`)).toThrow(InvalidContentError);
});

test("the shipped list tells groups apart", () => {
  expect(findUnfit("What the hell, a terrorist on cocaine!")).toEqual(["profanity", "violence", "drugs"]);
});
