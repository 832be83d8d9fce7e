import { shuffle, type Rng } from "../rng.ts";
import { meanOf } from "./mean-of.ts";
import { countLists } from "./repetition.ts";
import { toNgrams } from "./tokens.ts";

/**
 * How many messages of somebody's `watched` conversations share a run of six tokens with another of them: the mean over
 * `viewers` random draws. Takes conversations as the tokens of their messages.
 */
export function measureViewerOverlap(
  conversations: readonly (readonly (readonly string[])[])[],
  { viewers, watched }: { readonly viewers: number; readonly watched: number },
  rng: Rng,
): number {
  const grams = conversations.map((messages) => messages.map((message) => toNgrams(message, 6)));
  const overlaps = Array.from({ length: viewers }, () => {
    const seen = shuffle(rng, grams).slice(0, watched);
    const inHowMany = countLists(seen.map((messages) => messages.flat()));
    return seen.flat().filter((message) => message.some((gram) => (inHowMany.get(gram) ?? 0) > 1)).length;
  });
  return meanOf(overlaps);
}
