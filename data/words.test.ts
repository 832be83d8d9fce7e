import { expect, test } from "vitest";
import { hashWords, toWords } from "./words.ts";

test.each([
  ["The Café, by the RIVER!", ["the", "cafe", "by", "river"]],
  ["cafe\u0301 naïve ﬁn", ["cafe", "naive", "fin"]],
  ["don't-stop 24/7", ["don", "t", "stop", "24", "7"]],
  ["東京へ行く tokyo", ["東", "京", "へ", "行", "く", "tokyo"]],
  ["  …!? 🐉 ", []],
  ["Straße ΣΊΣΥΦΟΣ", ["straße", "σισυφος"]],
])("the words of %j", (text, words) => {
  expect(toWords(text)).toEqual(words);
});

test("equal words hash alike under one key, and differently under another", () => {
  const [key, other] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
  expect(hashWords(key, "River")).toEqual(hashWords(key, "river"));
  expect(hashWords(key, "river")).not.toEqual(hashWords(other, "river"));
  expect(hashWords(key, "river")).not.toEqual(hashWords(key, "rivers"));
});
