import * as z from "zod/mini";
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
] as const;
export type UnfitGroup = (typeof UNFIT_GROUPS)[number];

const Entry = z.string().check(z.regex(/^[a-z'-]+(?: [a-z'-]+)*\*?$/));
const UnfitWords = z.record(z.enum(UNFIT_GROUPS), z.array(Entry).check(z.minLength(1)));

/** Finds any of the entries as whole words; a star at an entry's end stands for any ending. */
function toPattern(entries: readonly string[]): RegExp {
  const words = entries.map((entry) => entry.replaceAll(" ", "\\s+").replace("*", "\\p{L}*"));
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${words.join("|")})(?![\\p{L}\\p{N}])`, "iu");
}

/** Reads a list of unfit words. @throws InvalidContentError naming every fault a writer has to mend. */
export function parseUnfitWords(file: string, text: string): (said: string) => UnfitGroup[] {
  const groups = parseContent(file, text, UnfitWords);
  const patterns = UNFIT_GROUPS.map((group) => ({ group, pattern: toPattern(groups[group]) }));
  return (said) => {
    const plain = said.replaceAll("’", "'");
    return patterns.filter(({ pattern }) => pattern.test(plain)).map(({ group }) => group);
  };
}

/** The groups of unfit words that a text has words of, by the shipped list. */
export const findUnfit = parseUnfitWords(
  "ai/pool/content/unfit-words.yaml",
  readContentText(new URL("./content/unfit-words.yaml", import.meta.url)),
);
