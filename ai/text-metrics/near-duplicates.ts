import { countItems } from "./count-items.ts";
import { shareOf } from "./share-of.ts";
import { toNgrams } from "./tokens.ts";

/** Products such as 0.56 × 25 come out a trifle above the whole number they are. */
const ROUNDING = 1e-9;

/**
 * The share of texts that have a near duplicate among the others: sets of n-grams whose Jaccard index is at least
 * `least` (above 0). Texts of fewer than `shortest` tokens do not count. Exact, by prefix filtering (Bayardo et al.
 * 2007): two sets that alike share one of the rarest members of each.
 */
export function nearDuplicateShare(
  texts: readonly (readonly string[])[],
  { n, least, shortest }: { readonly n: number; readonly least: number; readonly shortest: number },
): number {
  const sets = texts.filter(({ length }) => length >= shortest).map((text) => new Set(toNgrams(text, n)));
  const ranks = rankByRarity(sets);
  const byRank = new Map<number, number[]>();
  const duplicates = new Set<number>();
  for (const [at, set] of sets.entries()) {
    const prefix = toRarest(set, ranks, set.size - Math.ceil(least * set.size - ROUNDING) + 1);
    for (const other of new Set(prefix.flatMap((rank) => byRank.get(rank) ?? []))) {
      if (jaccard(set, sets[other] as Set<string>) >= least) duplicates.add(at).add(other);
    }
    for (const rank of prefix) {
      const holders = byRank.get(rank);
      if (holders) holders.push(at);
      else byRank.set(rank, [at]);
    }
  }
  return shareOf(duplicates.size, sets.length);
}

/** How much of two sets is in both, 0 to 1; 0 of two empty ones. */
export function jaccard(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  let both = 0;
  for (const item of one) if (other.has(item)) both++;
  return shareOf(both, one.size + other.size - both);
}

/** A number for every member, lower for those in fewer sets: one order for all prefixes. */
function rankByRarity(sets: readonly ReadonlySet<string>[]): Map<string, number> {
  const counts = countItems(sets.flatMap((set) => [...set]));
  const rarestFirst = [...counts].toSorted(([, a], [, b]) => a - b);
  return new Map(rarestFirst.map(([gram], rank) => [gram, rank]));
}

function toRarest(
  set: ReadonlySet<string>,
  ranks: ReadonlyMap<string, number>,
  most: number,
): readonly number[] {
  const own = Int32Array.from(set, (gram) => ranks.get(gram) as number).sort();
  return [...own.subarray(0, most)];
}
