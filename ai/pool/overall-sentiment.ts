import type { LineSentiment, OverallSentiment } from "#schema/vocabulary.ts";

/**
 * The sentiment of a whole conversation: `mixed` when positive and negative lines each make up at least a
 * quarter of it and neither more than 1.5 times the other; else the sign that has more than 1.5 times the
 * other; else `neutral` when they differ by at most one line, and `mixed` when by more.
 */
export function toOverallSentiment(
  lines: readonly { readonly sentiment: LineSentiment }[],
): OverallSentiment {
  const count = (sentiment: LineSentiment) => lines.filter((line) => line.sentiment === sentiment).length;
  const positive = count("positive");
  const negative = count("negative");
  const bothPresent = Math.min(positive, negative) > 0 && 4 * Math.min(positive, negative) >= lines.length;
  if (bothPresent && positive <= 1.5 * negative && negative <= 1.5 * positive) return "mixed";
  if (positive > 1.5 * negative) return "positive";
  if (negative > 1.5 * positive) return "negative";
  return Math.abs(positive - negative) <= 1 ? "neutral" : "mixed";
}
