import type { Fingerprint } from "./fingerprint.ts";

/** Finds messages whose word pairs are nearly those of another: `ALIKE` of both together are in both. */
export interface NearDuplicateIndex {
  hasLike(message: Fingerprint): boolean;
  add(message: Fingerprint): void;
  remove(message: Fingerprint): void;
}

/** The least Jaccard index of the word pairs of two messages that are alike. */
export const ALIKE = 0.6;
/** Shorter messages cannot help being like others. */
const SHORTEST_WORDS = 6;

/**
 * Exact, by prefix filtering (Bayardo et al. 2007): of two sets that are alike, the first few members in any fixed order
 * share one. The order here is that of the pairs' numbers, in which those that many messages have come last, so that
 * every list stays short.
 */
export function createNearDuplicateIndex(): NearDuplicateIndex {
  const byPair = new Map<number, Uint32Array[]>();

  /** Its first members, of which a set that is like it has one. */
  function forPrefix({ words, pairs }: Fingerprint, run: (pair: number) => void): void {
    if (words < SHORTEST_WORDS) return;
    const length = pairs.length - Math.ceil(ALIKE * pairs.length) + 1;
    for (let at = 0; at < length; at++) run(pairs[at] as number);
  }

  return {
    hasLike(message) {
      let isFound = false;
      forPrefix(message, (pair) => {
        isFound ||= byPair.get(pair)?.some((other) => isAlike(message.pairs, other)) ?? false;
      });
      return isFound;
    },
    add(message) {
      forPrefix(message, (pair) => {
        const list = byPair.get(pair);
        if (list) list.push(message.pairs);
        else byPair.set(pair, [message.pairs]);
      });
    },
    remove(message) {
      forPrefix(message, (pair) => {
        const left = byPair.get(pair)?.filter((other) => other !== message.pairs) ?? [];
        if (left.length > 0) byPair.set(pair, left);
        else byPair.delete(pair);
      });
    },
  };
}

/** Whether the Jaccard index of two ascending sets reaches `ALIKE`; gives up as soon as it cannot. */
function isAlike(one: Uint32Array, other: Uint32Array): boolean {
  const wanted = Math.ceil((ALIKE * (one.length + other.length)) / (1 + ALIKE) - 1e-9);
  let mayMiss = Math.min(one.length, other.length) - wanted;
  if (mayMiss < 0) return false;
  const isOneShorter = one.length <= other.length;
  let left = 0;
  let right = 0;
  while (left < one.length && right < other.length) {
    const ahead = (one[left] as number) - (other[right] as number);
    if (ahead <= 0) left++;
    if (ahead >= 0) right++;
    // Of the shorter set only so many may be without a match.
    if (ahead !== 0 && ahead < 0 === isOneShorter && --mayMiss < 0) return false;
  }
  const unmatched = isOneShorter ? one.length - left : other.length - right;
  return mayMiss >= unmatched;
}
