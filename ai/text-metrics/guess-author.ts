import { shareOf } from "./share-of.ts";
import { toNgrams, toTokens } from "./tokens.ts";

/** Something an author wrote. */
export interface Sample<Author> {
  readonly author: Author;
  readonly text: string;
}

/** Added to every count, so that a word an author never used makes them unlikely and not impossible. */
const SMOOTHING = 0.3;

/**
 * How often a multinomial naive Bayes classifier (McCallum and Nigam 1998), taught by some samples, names the author of
 * others: by words, word pairs and runs of punctuation, leaving out what it was never taught. 0 to 1; by chance it is
 * right once in as many times as there are authors.
 */
export function guessRightShare<Author>(
  taught: readonly Sample<Author>[],
  tested: readonly Sample<Author>[],
): number {
  const guess = teach(taught);
  return shareOf(tested.filter(({ author, text }) => guess(text) === author).length, tested.length);
}

/** Gives a guess at who wrote a text: nobody, where nothing was taught. */
function teach<Author>(samples: readonly Sample<Author>[]): (text: string) => Author | undefined {
  const texts = [...Map.groupBy(samples, ({ author }) => author)];
  /** Of each feature, how often each author used it, by the author's place in `texts`. */
  const counts = new Map<string, number[]>();
  const authors = texts.map(([author, own], index) => {
    const features = own.flatMap(({ text }) => toFeatures(text));
    for (const feature of features) {
      const row = counts.get(feature) ?? texts.map(() => 0);
      row[index] = (row[index] ?? 0) + 1;
      counts.set(feature, row);
    }
    return { author, prior: Math.log(own.length / samples.length), total: features.length };
  });
  return (text) => {
    const known = toFeatures(text).flatMap((feature) => {
      const row = counts.get(feature);
      return row ? [row] : [];
    });
    let best: Author | undefined;
    let bestScore = Number.NEGATIVE_INFINITY;
    for (const [index, { author, prior, total }] of authors.entries()) {
      let score = prior - known.length * Math.log(total + SMOOTHING * counts.size);
      for (const row of known) score += Math.log((row[index] ?? 0) + SMOOTHING);
      if (score > bestScore) [best, bestScore] = [author, score];
    }
    return best;
  };
}

/** The names of other speakers, being anybody's, give nobody away. */
function toFeatures(text: string): string[] {
  const bare = text.replaceAll(/\{slot:\d+\}/g, " ");
  const tokens = toTokens(bare);
  const marks = bare.match(/[^\s\p{L}\p{N}'’]+/gu) ?? [];
  return [...tokens, ...toNgrams(tokens, 2), ...marks];
}
