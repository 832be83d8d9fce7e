import { countItems } from "./count-items.ts";
import { shareOf } from "./share-of.ts";
import { toNgrams } from "./tokens.ts";

type Messages = readonly (readonly string[])[];

/**
 * distinct-n (Li et al. 2016): different n-grams over all of them, in the messages as they come until `budget` tokens
 * are reached. It falls as a text grows, so only figures of one budget compare.
 */
export function distinctShare(messages: Messages, n: number, budget: number): number {
  const different = new Set<string>();
  let all = 0;
  let tokens = 0;
  for (const message of messages) {
    if (tokens >= budget) break;
    tokens += message.length;
    const ngrams = toNgrams(message, n);
    all += ngrams.length;
    for (const ngram of ngrams) different.add(ngram);
  }
  return shareOf(different.size, all);
}

/** In how many of the lists each of their items stands. */
export function countLists(lists: Messages): Map<string, number> {
  return countItems(lists.flatMap((list) => [...new Set(list)]));
}

/** Of the messages with at least `n` tokens, the share that holds an n-gram found in at least `least` messages. */
export function sharedNgramShare(messages: Messages, n: number, least: number): number {
  const grams = messages.filter((message) => message.length >= n).map((message) => toNgrams(message, n));
  const counts = countLists(grams);
  const holding = grams.filter((list) => list.some((gram) => (counts.get(gram) ?? 0) >= least));
  return shareOf(holding.length, grams.length);
}

/**
 * Of the messages whose number of words fits: the share that comes more than once, the first time included, and how
 * often the most repeated comes.
 */
export function exactRepeats(
  messages: Messages,
  fits: (words: number) => boolean,
): { readonly share: number; readonly most: number } {
  const fitting = messages.filter(({ length }) => fits(length)).map((message) => message.join(" "));
  const counts = countItems(fitting);
  const repeated = fitting.filter((message) => (counts.get(message) ?? 0) > 1);
  return { share: shareOf(repeated.length, fitting.length), most: mostOf(counts) };
}

/** The share of messages of at least four tokens that begin with the most common three. */
export function commonestOpening(messages: Messages): number {
  const openings = messages
    .filter(({ length }) => length >= 4)
    .map((message) => message.slice(0, 3).join(" "));
  return shareOf(mostOf(countItems(openings)), openings.length);
}

function mostOf(counts: ReadonlyMap<string, number>): number {
  let most = 0;
  for (const count of counts.values()) most = Math.max(most, count);
  return most;
}
