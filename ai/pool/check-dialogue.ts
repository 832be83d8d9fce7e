import { ARCHETYPES } from "#schema/vocabulary.ts";
import { namesOnlySpeakers } from "../tasks/pool-order.ts";
import { isFunctionWord, toNgrams, toTokens } from "../text-metrics/tokens.ts";
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
  "hidden-character",
  "language",
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
/** Words this short tell a language: in English at least 0.57 of a talk's are function words, elsewhere at most 0.25. */
const SHORT_WORD = /^[a-z'’]{1,3}$/;
const ENGLISH_SHARE_LEAST = 0.4;
/** A line of so many short words and no English one is foreign, whatever is said around it. */
const LINE_SHORT_LEAST = 4;
const GESTURE =
  "(?:blush|chuckl|cough|fidget|giggl|grin|laugh|nod|paus|shrug|sigh|smil|smirk|wav|whisper|wink|yawn)";
const GESTURES = `${GESTURE}(?:e?s|ing|e?d)\\b`;
const DIGIT_NAME = "(?:oh|zero|one|two|three|four|five|six|seven|eight|nine)";
const ENDING = "(?:com|net|org|info|io|co|gg|me|tv|app|xyz|ru|uk)";

/** What no line may hold, whatever is said around it. */
const PATTERNS: readonly (readonly [DialogueRule, RegExp])[] = [
  // Any dotted word: endings of addresses are too many to list.
  ["link", /\bh(?:tt|xx)ps?:|\bwww\.|\b\w+\.[a-z]{2,}/i],
  ["link", new RegExp(`\\bdot ${ENDING}\\b`, "i")],
  ["mail-address", /[\w.+-]+@[\w-]+\.\w+/],
  // A range of years is none.
  ["phone-number", /\+\d[\d ().-]{6,}|\b\d{3}\)?[ .-]?\d{3}[ .-]\d{4}\b|\b\d{3}[.-]\d{4}\b|\b\d{7,}\b/],
  ["phone-number", /\b(?=(?: ?\d){7})\d+(?: \d+){2,}\b/],
  ["phone-number", new RegExp(`\\b${DIGIT_NAME}(?:[\\s,.-]+${DIGIT_NAME}){6,}\\b`, "i")],
  ["contact", /\b\d+ \p{Lu}\p{L}+ (?:Street|St|Avenue|Ave|Road|Rd|Lane|Drive)\b/u],
  ["handle", /(?<![\w.])@\w|\w_\w|\w#\d/],
  ["hashtag", /#\p{L}/u],
  ["emoji", /\p{Extended_Pictographic}|\p{Regional_Indicator}/u],
  // One letter of another script may be a look-alike inside a Latin word.
  ["script", /(?!\p{Script=Latin})\p{L}/u],
  // Line breaks, turned reading order, invisible characters, marks piled on letters.
  ["hidden-character", /[\p{C}\p{M}\p{Zl}\p{Zp}]/u],
  // "*waves*", "[waves]", "(waves)" before anything is said, and a speaker's name as in a script.
  ["stage-direction", /[*[\]<>]|^\s*\(/],
  ["stage-direction", /^\s*[~_—–-]\s*\p{L}|~\s*\p{L}[^~]*~|_\p{L}[^_]*_/u],
  ["stage-direction", new RegExp(`\\(\\s*${GESTURES}|^\\s*\\{slot:\\d\\} ${GESTURES}`, "i")],
  ["stage-direction", new RegExp(`^\\s*(?:slot \\d|\\{slot:\\d\\}|${ARCHETYPES.join("|")})\\s*:`, "im")],
  ["model-talk", /^\s*(?:system|user|assistant|human)\s*:|(?<!\{)\bslot\s*:?\s*\d/im],
  // "And she said?" asks for what was said.
  ["narration", /\b(?:he|she) (?:said|says|asked|asks|replied|whispered|laughed|sighed)\b(?!\s*\?)/i],
  // Who will play the part is unknown, so whoever is named must not be called "he" or "she" in the same sentence.
  // Other people may be: an aunt is a she. A sentence that names a speaker and speaks of an aunt is given up for that.
  ["gendered-speaker", /\{slot:\d\}[^.!?…]*\b(?:he|she|him|her|his|hers)\b/i],
];

/**
 * The names of the rules that a model's conversation breaks; with none, thousands may see it. It judges form, words,
 * honesty of tags and novelty; what nobody can read off the words (brands, claims about people) is left to the prompt.
 */
export function checkDialogue({ messages, told, ledger }: DialogueCheck): DialogueRule[] {
  // Composed, so that the mark of an "é" is none of its own.
  const texts = messages.map(({ text }) => text.normalize("NFC"));
  const whole = texts.join("\n");
  const isBroken: readonly (readonly [DialogueRule, boolean])[] = [
    ["language", isForeign(texts)],
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

/** Whether a talk, or a line of it, is not in English. */
function isForeign(texts: readonly string[]): boolean {
  const lines = texts.map((text) => {
    const short = toTokens(text).filter((word) => SHORT_WORD.test(word));
    return { short: short.length, english: short.filter(isFunctionWord).length };
  });
  const short = lines.reduce((sum, line) => sum + line.short, 0);
  const english = lines.reduce((sum, line) => sum + line.english, 0);
  if (english < ENGLISH_SHARE_LEAST * short) return true;
  return lines.some((line) => line.short >= LINE_SHORT_LEAST && line.english === 0);
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
