import { toTokens } from "./tokens.ts";

/**
 * Flesch–Kincaid grade (Kincaid et al. 1975) of messages together: the school year that reads them with ease; 0 without
 * a word.
 */
export function measureGrade(texts: readonly string[]): number {
  let sentences = 0;
  let words = 0;
  let syllables = 0;
  for (const text of texts) {
    const tokens = toTokens(text);
    sentences += Math.max(1, text.match(/[.!?]+(?=\s|$)/g)?.length ?? 0);
    words += tokens.length;
    for (const token of tokens) syllables += countSyllables(token);
  }
  if (words === 0) return 0;
  return (0.39 * words) / sentences + (11.8 * syllables) / words - 15.59;
}

/** An e at the end is silent but after an l or a vowel: "cake" has one syllable, "table" two, "movie" two. */
function countSyllables(token: string): number {
  if (token.length <= 3) return 1;
  const spoken = token.replace(/(?:[^laeiouy]es|ed|[^laeiouy]e)$/, "").replace(/^y/, "");
  return Math.max(1, spoken.match(/[aeiouy]{1,2}/g)?.length ?? 0);
}
