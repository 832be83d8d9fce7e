import { ARCHETYPES } from "#schema/vocabulary.ts";
import { namesOnlySpeakers } from "../tasks/pool-order.ts";
import { toNgrams, toTokens } from "../text-metrics/tokens.ts";
import { toFingerprint } from "../writer/novelty/fingerprint.ts";
import { createDraftLedger, type NoveltyLedger } from "../writer/novelty/ledger.ts";
import { createNearDuplicateIndex } from "../writer/novelty/near-duplicate-index.ts";
import { opposesTag } from "../writer/sentiment/opposes-tag.ts";
import type { DialogueMessage } from "./dialogue.ts";
import { findUnfit, UNFIT_GROUPS } from "./unfit-words.ts";

export const DIALOGUE_RULES = [
  ...UNFIT_GROUPS,
  "link",
  "mail-address",
  "phone-number",
  "handle",
  "hashtag",
  "emoji",
  "script",
  "stage-direction",
  "narration",
  "gendered-speaker",
  "message-count",
  "double-turn",
  "slots",
  "length",
  "copied",
  "alike-lines",
  "sentiment",
  "stale",
] as const;
export type DialogueRule = (typeof DIALOGUE_RULES)[number];

export interface DialogueCheck {
  readonly messages: readonly DialogueMessage[];
  /** All that the model was told: the talk is to be its own. */
  readonly told: string;
  readonly ledger: NoveltyLedger;
}

const MESSAGES_LEAST = 5;
const MESSAGES_MOST = 12;
/** Words of a message, on average: the offline writer's conversations lie between 5 and 14. */
const MEAN_WORDS_LEAST = 4;
const MEAN_WORDS_MOST = 20;
/** So many words in a row may stand in what the model was told. */
const COPIED_WORDS_MOST = 8;
/** Of all letters; a loan word or a name is no other language. */
const LATIN_SHARE_LEAST = 0.95;

/** What no line may hold, whatever is said around it. */
const PATTERNS: readonly (readonly [DialogueRule, RegExp])[] = [
  ["link", /https?:|\bwww\.|\b[a-z0-9-]+\.(?:com|net|org|info|biz|gg|tv|app|dev|uk|de|fr)\b/i],
  ["mail-address", /[\w.+-]+@[\w-]+\.\w+/],
  // A range of years is none.
  ["phone-number", /\+\d[\d ().-]{6,}|\b\d{3}\)?[ .-]?\d{3}[ .-]\d{4}\b|\b\d{3}[.-]\d{4}\b|\b\d{7,}\b/],
  ["handle", /(?<![\w.])@\w/],
  ["hashtag", /#\p{L}/u],
  ["emoji", /\p{Extended_Pictographic}|\p{Regional_Indicator}/u],
  // "*waves*", "[waves]", "(waves)" before anything is said, and a speaker's name as in a script.
  ["stage-direction", /[*[\]<>]|^\s*\(/],
  ["stage-direction", new RegExp(`^\\s*(?:slot \\d|\\{slot:\\d\\}|${ARCHETYPES.join("|")})\\s*:`, "i")],
  ["narration", /\b(?:he|she) (?:said|says|asked|asks|replied|whispered|laughed|sighed)\b/i],
  // Who will play the part is unknown, so whoever is named must not be called "he" or "she" in the same sentence.
  // Other people may be: an aunt is a she. A sentence that names a speaker and speaks of an aunt is given up for that.
  ["gendered-speaker", /\{slot:\d\}[^.!?…]*\b(?:he|she|him|her|his|hers)\b/i],
];

/**
 * The names of the rules that a model's conversation breaks; with none, thousands may see it. It judges form, words,
 * honesty of tags and novelty; what nobody can read off the words (brands, claims about people) is left to the prompt.
 */
export function checkDialogue({ messages, told, ledger }: DialogueCheck): DialogueRule[] {
  const texts = messages.map(({ text }) => text);
  const whole = texts.join("\n");
  const isBroken: readonly (readonly [DialogueRule, boolean])[] = [
    ["script", isForeign(whole)],
    ["message-count", messages.length < MESSAGES_LEAST || messages.length > MESSAGES_MOST],
    ["double-turn", messages.some(({ slot }, at) => slot === messages[at - 1]?.slot)],
    ["slots", !namesOnlySpeakers(messages)],
    ["length", isOfOddLength(texts)],
    ["copied", isCopied(texts, told)],
    ["alike-lines", hasAlike(texts)],
    ["sentiment", messages.some(({ text, sentiment }) => opposesTag(text, sentiment))],
    ["stale", isStale(texts, ledger)],
  ];
  const found = new Set<DialogueRule>(findUnfit(whole));
  for (const [rule, pattern] of PATTERNS) if (texts.some((text) => pattern.test(text))) found.add(rule);
  for (const [rule, broken] of isBroken) if (broken) found.add(rule);
  return DIALOGUE_RULES.filter((rule) => found.has(rule));
}

function isForeign(text: string): boolean {
  const letters = text.match(/\p{L}/gu) ?? [];
  const latin = letters.filter((letter) => /\p{Script=Latin}/u.test(letter));
  return latin.length < LATIN_SHARE_LEAST * letters.length;
}

function isOfOddLength(texts: readonly string[]): boolean {
  const words = texts.reduce((sum, text) => sum + toTokens(text).length, 0);
  return words < MEAN_WORDS_LEAST * texts.length || words > MEAN_WORDS_MOST * texts.length;
}

function isCopied(texts: readonly string[], told: string): boolean {
  const toRuns = (text: string) => toNgrams(toTokens(text), COPIED_WORDS_MOST + 1);
  const known = new Set(toRuns(told));
  return texts.some((text) => toRuns(text).some((run) => known.has(run)));
}

/** The same words twice, or nearly the same word pairs. */
function hasAlike(texts: readonly string[]): boolean {
  const wholes = new Set<number>();
  const index = createNearDuplicateIndex();
  return texts
    .map((text) => toFingerprint(text))
    .some((fingerprint) => {
      if (wholes.has(fingerprint.whole) || index.hasLike(fingerprint)) return true;
      wholes.add(fingerprint.whole);
      index.add(fingerprint);
      return false;
    });
}

/** Whether a line repeats the pool or a run of words from another line. */
function isStale(texts: readonly string[], pool: NoveltyLedger): boolean {
  const draft = createDraftLedger(pool);
  return texts.some((text) => {
    const { isStale: isRepeated } = draft.judge(text);
    draft.note(text);
    return isRepeated;
  });
}
