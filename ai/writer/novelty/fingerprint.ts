import { isFunctionWord, toTokens } from "../../text-metrics/tokens.ts";

/** A message's runs of words as numbers, which is all that novelty looks at. */
export interface Fingerprint {
  readonly words: number;
  readonly whole: number;
  /** Different ones, ascending. */
  readonly pairs: Uint32Array;
  readonly triples: readonly number[];
  readonly sixes: readonly number[];
}

/** Of its tokens; messages with the same tokens have the same one, whatever their punctuation. */
export function toFingerprint(text: string): Fingerprint {
  const tokens = toTokens(text);
  const hashes = tokens.map(hashText);
  return {
    words: hashes.length,
    whole: hashRun(hashes, 0, hashes.length),
    pairs: Uint32Array.from(new Set(toPairs(tokens, hashes))).sort(),
    triples: toRuns(hashes, 3),
    sixes: toRuns(hashes, 6),
  };
}

/** Two function words in a row, which many messages have, get the upper half of all numbers. */
function toPairs(tokens: readonly string[], hashes: readonly number[]): number[] {
  const areCommon = tokens.map(isFunctionWord);
  return toRuns(hashes, 2).map((pair, at) => {
    return areCommon[at] && areCommon[at + 1] ? (pair | 0x80000000) >>> 0 : pair >>> 1;
  });
}

function toRuns(hashes: readonly number[], n: number): number[] {
  const runs: number[] = [];
  for (let at = 0; at + n <= hashes.length; at++) runs.push(hashRun(hashes, at, n));
  return runs;
}

/** FNV-1a. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

function hashRun(hashes: readonly number[], from: number, n: number): number {
  let hash = 0x9e3779b9 ^ n;
  for (let at = from; at < from + n; at++) {
    hash = Math.imul(hash ^ (hashes[at] as number), 0x85ebca6b);
    hash ^= hash >>> 13;
  }
  return hash >>> 0;
}
