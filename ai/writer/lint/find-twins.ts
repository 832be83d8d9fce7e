import { jaccard } from "../../text-metrics/near-duplicates.ts";
import { toNgrams } from "../../text-metrics/tokens.ts";
import type { Token } from "../frame.ts";
import type { Frame } from "../read-content.ts";
import { whereIs } from "./where-is.ts";

/** Two sentences are near duplicates when this share of their pairs of words is in both. */
const LEAST_ALIKE = 0.6;
/** Shorter ones are alike by necessity. */
const FEWEST_WORDS = 4;

/** Sentences of one act and form that stand twice, or nearly so. */
export function findTwins(frames: readonly Frame[]): string[] {
  const groups = Map.groupBy(frames, ({ act, form }) => `${act} ${form ?? ""}`);
  return [...groups.values()].flatMap((group) => [...findSame(group), ...findAlike(group)]);
}

function findSame(frames: readonly Frame[]): string[] {
  const byWords = Map.groupBy(frames, ({ source }) => source.toLowerCase().replaceAll(/[^a-z{}|+-]+/g, " "));
  return [...byWords.values()]
    .filter((same) => same.length > 1)
    .map((same) => `${same.map(whereIs).join(" and ")}: stands twice: ${same[0]?.source}`);
}

function findAlike(frames: readonly Frame[]): string[] {
  const cores = frames
    .map((frame) => ({ frame, words: toCore(frame.tokens) }))
    .filter(({ words }) => words.length >= FEWEST_WORDS)
    .map(({ frame, words }) => ({ frame, pairs: new Set(toNgrams(words, 2)) }));
  return cores.flatMap((one, at) =>
    cores
      .slice(at + 1)
      .filter((other) => one.frame.source !== other.frame.source && mayBeAlike(one.pairs, other.pairs))
      .filter((other) => jaccard(one.pairs, other.pairs) >= LEAST_ALIKE)
      .map((other) => `${whereIs(one.frame)}: nearly the same: ${one.frame.source} / ${other.frame.source}`),
  );
}

/** Sets of very different size have too little in common: a quick no for most. */
function mayBeAlike(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return Math.min(one.size, other.size) >= LEAST_ALIKE * Math.max(one.size, other.size);
}

/** A sentence's words with the first option of each choice, a slot being a word. */
function toCore(tokens: readonly Token[]): string[] {
  return tokens.flatMap((token) => {
    if (token.type === "text") return token.value.toLowerCase().match(/[\p{L}\p{N}'’]+/gu) ?? [];
    if (token.type === "choice") return toCore(token.options[0] ?? []);
    if (token.type === "number") return [token.one];
    return token.type === "slot" ? [`{${token.name}}`] : ["{name}"];
  });
}
