import type { LineSentiment } from "#schema/vocabulary.ts";
import { scoreByAfinn, scoreByVader } from "./score-by-lexicons.ts";

const VADER_LEAST = 0.5;
const AFINN_LEAST = 2;

/**
 * Whether both lexicons read the opposite of a line's tag. Lexicons are weak on dialogue, so they do not give tags; where
 * both object, something is wrong.
 */
export function opposesTag(text: string, tag: LineSentiment): boolean {
  if (tag === "neutral") return false;
  const bare = text.replaceAll(/\{slot:\d+\}/g, "");
  const sign = tag === "positive" ? -1 : 1;
  return scoreByAfinn(bare) * sign >= AFINN_LEAST && scoreByVader(bare) * sign >= VADER_LEAST;
}
