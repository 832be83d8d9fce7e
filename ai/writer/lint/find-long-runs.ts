import type { Token } from "../frame.ts";

/** An option is one of several, so it may be longer. */
const LONGEST_OPTION = 5;

/** The runs of fixed words, broken by no slot, choice or agreement, that are too long not to be recognized. */
export function findLongRuns(tokens: readonly Token[], longest: number): string[] {
  return tokens.flatMap((token) => {
    if (token.type === "text") return countWords(token.value) > longest ? [token.value.trim()] : [];
    if (token.type === "choice")
      return token.options.flatMap((option) => findLongRuns(option, LONGEST_OPTION));
    return [];
  });
}

function countWords(text: string): number {
  return text.match(/[\p{L}\p{N}][\p{L}\p{N}'’-]*/gu)?.length ?? 0;
}
