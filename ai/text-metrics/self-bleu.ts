import { countItems } from "./count-items.ts";
import { meanOf } from "./mean-of.ts";
import { toNgrams } from "./tokens.ts";

const MOST_TOKENS = 4;
/** Stands for a count of none, whose logarithm there is not. */
const SMALLEST_COUNT = 0.1;

/** How often one message holds an n-gram. */
type Counts = ReadonlyMap<string, number>;

/** The largest counts of an n-gram in one message, and in which one, so that a message can be left out. */
interface Peak {
  most: number;
  owner: number;
  second: number;
}

/**
 * Self-BLEU-4 (Zhu et al. 2018): how much each message looks like the others, 0 to 1. Each message of four tokens or
 * more is held against all others; no brevity penalty. It grows with the number of messages, so only figures of as many
 * compare.
 */
export function selfBleu(messages: readonly (readonly string[])[]): number {
  const precisions = Array.from({ length: MOST_TOKENS }, (_, at) => toPrecisions(messages, at + 1));
  const scores = messages.flatMap(({ length }, at) => {
    if (length < MOST_TOKENS) return [];
    return [Math.exp(meanOf(precisions.map((all) => Math.log(all[at] as number))))];
  });
  return meanOf(scores);
}

/** Of each message, the share of its n-grams that another holds, each as often as one other does at most. */
function toPrecisions(messages: readonly (readonly string[])[], n: number): number[] {
  const all = messages.map((message) => countItems(toNgrams(message, n)));
  const peaks = findPeaks(all);
  return all.map((counts, at) => {
    let clipped = 0;
    for (const [gram, times] of counts) {
      const { most, owner, second } = peaks.get(gram) as Peak;
      clipped += Math.min(times, owner === at ? second : most);
    }
    return (clipped || SMALLEST_COUNT) / ((messages[at] as readonly string[]).length - n + 1);
  });
}

function findPeaks(all: readonly Counts[]): Map<string, Peak> {
  const peaks = new Map<string, Peak>();
  for (const [owner, counts] of all.entries()) {
    for (const [gram, times] of counts) {
      const peak = peaks.get(gram);
      if (!peak) peaks.set(gram, { most: times, owner, second: 0 });
      else if (times > peak.most) peaks.set(gram, { most: times, owner, second: peak.most });
      else peak.second = Math.max(peak.second, times);
    }
  }
  return peaks;
}
