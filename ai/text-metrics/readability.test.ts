import { expect, it } from "vitest";
import { measureGrade } from "./readability.ts";

it.each([
  // 6 words, 1 sentence, 6 syllables.
  ["The cat sat on the mat.", -1.45],
  // 13 words, 1 sentence, 24 syllables.
  ["The Australian platypus is seemingly a hybrid of a mammal and reptilian creature.", 11.26],
])("gives a known sentence its known grade: %s", (sentence, grade) => {
  expect(measureGrade([sentence])).toBeCloseTo(grade, 2);
});

it.each([
  ["the", 1],
  ["idea", 2],
  ["cake", 1],
  ["cakes", 1],
  ["table", 2],
  ["tables", 2],
  ["movie", 2],
  ["jumped", 1],
  ["year", 1],
  ["yellow", 2],
  ["rhythm", 1],
  ["1066", 1],
])("counts the syllables of %s as %i", (word, syllables) => {
  expect((measureGrade([word]) + 15.59 - 0.39) / 11.8).toBeCloseTo(syllables, 10);
});

it.each([
  ["Go. Go! Go?", 3],
  ["Go go go", 1],
  ["Go... go go", 1],
  ["Go?! Go. Go", 2],
  ["Go 3.5.", 1],
])("finds in %s as many sentences as end at a blank or the end, but one at least: %i", (text, sentences) => {
  expect((0.39 * 3) / (measureGrade([text]) + 15.59 - 11.8)).toBeCloseTo(sentences, 10);
});

it("takes messages together, each with a sentence of its own", () => {
  expect(measureGrade(["Go", "Go", "Go"])).toBeCloseTo(measureGrade(["Go. Go. Go."]), 10);
});

it("is 0 without a word", () => {
  expect(measureGrade([])).toBe(0);
  expect(measureGrade(["?!"])).toBe(0);
});
