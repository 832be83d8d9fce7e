import { expect, test } from "vitest";
import { opposesTag } from "./opposes-tag.ts";

test.each([
  ["This is terrible and I hate it.", "positive", true],
  ["What a wonderful, happy day with you!", "negative", true],
  ["What a wonderful, happy day with you!", "positive", false],
  ["This is terrible and I hate it.", "neutral", false],
  // One faint word is no opposition.
  ["A nice try.", "negative", false],
  ["The tea is in the cupboard.", "positive", false],
  // A name is nobody's mood.
  ["{slot:1} hates rain.", "positive", false],
] as const)("%j opposes the tag %s: %s", (text, tag, opposes) => {
  expect(opposesTag(text, tag)).toBe(opposes);
});
