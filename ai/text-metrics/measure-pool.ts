import { createRng, shuffle, type Rng } from "../rng.ts";
import { guessRightShare } from "./guess-author.ts";
import { measureMtld } from "./lexical-diversity.ts";
import { meanOf } from "./mean-of.ts";
import { nearDuplicateShare } from "./near-duplicates.ts";
import { measureGrade } from "./readability.ts";
import { commonestOpening, distinctShare, exactRepeats, sharedNgramShare } from "./repetition.ts";
import { selfBleu } from "./self-bleu.ts";
import { shareOf } from "./share-of.ts";
import { measureSharedContent } from "./shared-content.ts";
import { toTokens } from "./tokens.ts";
import { measureViewerOverlap } from "./viewer-overlap.ts";

/** A conversation as it is measured. */
export interface MeasuredConversation {
  readonly messages: readonly { readonly text: string; readonly author: string }[];
}

/** Every measure of a pool of conversations; shares are 0 to 1, and what there is nothing of is 0. */
export interface PoolMeasures {
  readonly conversations: number;
  readonly messages: number;
  readonly messagesPerConversation: number;
  readonly fewestMessages: number;
  readonly mostMessages: number;
  readonly wordsPerMessage: number;
  readonly wordsP10: number;
  readonly distinct2: number;
  readonly distinct3: number;
  readonly selfBleu: number;
  readonly mtld: number;
  readonly exactRepeats: number;
  readonly shortMost: number;
  readonly sixGramShare: number;
  readonly nearDuplicateMessages: number;
  readonly nearDuplicateConversations: number;
  readonly commonestOpening: number;
  readonly adjacentShare: number;
  readonly randomShare: number;
  readonly questions: number;
  readonly grade: number;
  readonly authorGuessed: number;
  readonly viewerSharedMessages: number;
}

/** Tokens that measures which depend on a text's length are taken over. */
const BUDGET = 50_000;
const BLEU_MESSAGES = 1000;
const TAUGHT_SHARE = 0.7;
const VIEWING = { viewers: 300, watched: 20 };

/** Measures a pool by the definitions its gates are stated in; the seed decides every draw. */
export function measurePool(pool: readonly MeasuredConversation[], seed: string): PoolMeasures {
  const rng = createRng(seed);
  const tokens = pool.map(({ messages }) => messages.map(({ text }) => toTokens(text)));
  const all = tokens.flat();
  const texts = pool.flatMap(({ messages }) => messages.map(({ text }) => text));
  const shuffled = shuffle(rng, all);
  const lengths = all.map(({ length }) => length).toSorted((a, b) => a - b);
  const sizes = pool.map(({ messages }) => messages.length).toSorted((a, b) => a - b);
  const shared = measureSharedContent(tokens, rng);
  return {
    conversations: pool.length,
    messages: all.length,
    messagesPerConversation: meanOf(sizes),
    fewestMessages: sizes[0] ?? 0,
    mostMessages: sizes.at(-1) ?? 0,
    wordsPerMessage: meanOf(lengths),
    wordsP10: lengths[Math.floor(lengths.length / 10)] ?? 0,
    distinct2: distinctShare(shuffled, 2, BUDGET),
    distinct3: distinctShare(shuffled, 3, BUDGET),
    selfBleu: selfBleu(shuffled.slice(0, BLEU_MESSAGES)),
    mtld: measureMtld(shuffled.flat().slice(0, BUDGET)),
    exactRepeats: exactRepeats(all, (words) => words >= 5).share,
    shortMost: exactRepeats(all, (words) => words <= 4).most,
    sixGramShare: sharedNgramShare(all, 6, 3),
    nearDuplicateMessages: nearDuplicateShare(all, { n: 2, least: 0.6, shortest: 6 }),
    nearDuplicateConversations: nearDuplicateShare(
      tokens.map((messages) => messages.flat()),
      { n: 3, least: 0.5, shortest: 0 },
    ),
    commonestOpening: commonestOpening(all),
    adjacentShare: shared.adjacent,
    randomShare: shared.random,
    questions: shareOf(texts.filter((text) => text.includes("?")).length, texts.length),
    grade: measureGrade(texts),
    authorGuessed: guessAuthors(pool, rng),
    viewerSharedMessages: measureViewerOverlap(tokens, VIEWING, rng),
  };
}

/** Parted by conversations, so that no message is guessed with the help of its neighbors. */
function guessAuthors(pool: readonly MeasuredConversation[], rng: Rng): number {
  const shuffled = shuffle(rng, pool);
  const taught = Math.floor(shuffled.length * TAUGHT_SHARE);
  const messagesOf = (part: readonly MeasuredConversation[]) => part.flatMap(({ messages }) => messages);
  return guessRightShare(messagesOf(shuffled.slice(0, taught)), messagesOf(shuffled.slice(taught)));
}
