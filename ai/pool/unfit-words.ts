import * as z from "zod/mini";
import { toPlainText } from "./plain-text.ts";
import { parseContent, readContentText } from "./read-content.ts";

/** Why a word is unfit. */
export const UNFIT_GROUPS = [
  "profanity",
  "insult",
  "slur",
  "sexual",
  "self-harm",
  "violence",
  "drugs",
  "politics",
  "model-talk",
  "contact",
] as const;
export type UnfitGroup = (typeof UNFIT_GROUPS)[number];

const Entry = z.string().check(z.regex(/^[a-z'-]+(?: [a-z'-]+)*\*?$/));
/** Phrases that hold an unfit word and mean no harm. */
const INNOCENT = "innocent";
const UnfitWords = z.record(z.enum([...UNFIT_GROUPS, INNOCENT]), z.array(Entry).check(z.minLength(1)));

/** Finds any of the entries as whole words, a comma or none between; a star at the end stands for any ending. */
function toPattern(entries: readonly string[]): RegExp {
  const words = entries.map((entry) => entry.replaceAll(" ", "[\\s,]+").replace("*", "\\p{L}*"));
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${words.join("|")})(?![\\p{L}\\p{N}])`, "gu");
}

/** Reads a list of unfit words. @throws InvalidContentError naming every fault a writer has to mend. */
export function parseUnfitWords(file: string, text: string): (said: string) => UnfitGroup[] {
  const groups = parseContent(file, text, UnfitWords);
  const patterns = UNFIT_GROUPS.map((group) => ({ group, pattern: toPattern(groups[group]) }));
  const innocent = toPattern(groups[INNOCENT]);
  return (said) => {
    // A stop in its place, lest the words around it make a phrase.
    const rest = toPlainText(said).replaceAll(innocent, ".");
    return patterns.filter(({ pattern }) => rest.search(pattern) >= 0).map(({ group }) => group);
  };
}

/** The groups of unfit words that a text has words of, by the shipped list. */
export const findUnfit = parseUnfitWords(
  "ai/pool/content/unfit-words.yaml",
  readContentText(new URL("./content/unfit-words.yaml", import.meta.url)),
);
