import { readFileSync } from "node:fs";
import * as path from "node:path";

const WORD = /[a-z0-9]+(?:['’][a-z]+)?/g;
const PLACEHOLDER = /\{slot:\d+\}/g;

/** One a line; function words that say nothing of what a text is about. */
const STOP_WORDS: ReadonlySet<string> = new Set(
  readFileSync(path.join(import.meta.dirname, "stop-words.txt"), "utf8")
    .split("\n")
    .filter(Boolean),
);

/** Whether it says nothing of what a text is about. (The writer's novelty ledger asks too.) */
export const isFunctionWord = (token: string): boolean => STOP_WORDS.has(token);

/** The words of a message in small letters; another speaker's name counts as the word `name`. */
export function toTokens(text: string): string[] {
  return text.replaceAll(PLACEHOLDER, "name").toLowerCase().match(WORD) ?? [];
}

/** Every run of `n` tokens (1 or more), as one text each; none of a shorter list. */
export function toNgrams(tokens: readonly string[], n: number): string[] {
  const ngrams: string[] = [];
  for (let at = 0; at + n <= tokens.length; at++) ngrams.push(tokens.slice(at, at + n).join(" "));
  return ngrams;
}

/** What a message is about: its tokens longer than two letters that are no function words, as stems. */
export function toContentWords(tokens: readonly string[]): Set<string> {
  return new Set(tokens.filter((token) => token.length > 2 && !STOP_WORDS.has(token)).map(toStem));
}

/** A light suffix stripper: enough to meet "singing" in "sings". */
function toStem(token: string): string {
  const word = token.replace(/['’]s$/, "");
  const stem = dropEnding(word);
  return stem.length > 4 && stem.endsWith("e") ? stem.slice(0, -1) : stem;
}

function dropEnding(word: string): string {
  if (word.length > 5 && word.endsWith("ing")) return word.slice(0, -3);
  if (word.length > 4 && word.endsWith("ies")) return `${word.slice(0, -3)}y`;
  if (word.length > 4 && word.endsWith("ed")) return word.slice(0, -2);
  if (word.length > 3 && word.endsWith("s") && !word.endsWith("ss")) return word.slice(0, -1);
  return word;
}
