import { NOUN_SLOTS, slotsOf } from "../frame.ts";
import type { Token } from "../frame.ts";
import { PLAYFUL_FILLERS } from "../playful-fillers.ts";
import type { WriterContent } from "../read-content.ts";
import { findArticleSlips } from "./find-article-slips.ts";
import { findLongRuns } from "./find-long-runs.ts";
import { findSlips } from "./find-slips.ts";
import { sayOften } from "./say-often.ts";
import type { OftenOrder } from "./say-often.ts";

/** Slots the writer fills itself; every other name is a filler list. */
const OWN_SLOTS: ReadonlySet<string> = new Set(
  "topic headline phrase good bad echo echo+ echo- fact pro con reason their name other think".split(" "),
);

const GENDERED =
  /\b(?:he|she|him|her|his|hers|himself|herself|guys?|dude|girls?|boys?|lady|ladies|gentlem[ae]n)\b/i;
const HURTFUL = /\b(?:stupid|idiots?|dumb|ugly|fat|hate you|shut up|kill|die|damn|hell)\b/i;

interface PatternOrder extends OftenOrder {
  /** Whether it may be said of a sober topic or a headline. */
  readonly grave: boolean;
  /** Whether a message can begin or end with it. */
  readonly begins: boolean;
  readonly ends: boolean;
  /** Whether it answers a question: a verb may agree with what was asked about. */
  readonly answers?: boolean;
  /** How many fixed words may stand in a row. */
  readonly longestRun: number;
}

/** What is wrong with a pattern wherever it stands: a sentence, an opener, a closer. */
export function lintPattern(order: PatternOrder, content: WriterContent): string[] {
  const { source, tokens } = order;
  const texts = sayOften(order, content);
  const problems = [
    ...unknownSlots(tokens, content).map((slot) => `nothing fills {${slot}}`),
    ...findArticleSlips(tokens, content),
    ...findSlips(texts).map((words) => `broken grammar: “${words}”`),
    ...findLongRuns(tokens, order.longestRun).map((words) => `too many fixed words in a row: “${words}”`),
  ];
  if (GENDERED.test(source)) problems.push("a speaker or creature is given a gender");
  if (HURTFUL.test(source)) problems.push("hurtful word");
  if (!order.answers && agreesWithNothing(tokens))
    problems.push("nothing before or after it for a verb to agree with");
  const slots = slotsOf(tokens);
  if (order.begins && texts.some((text) => text.startsWith("(")))
    problems.push("a message begins with a bracket");
  if (order.ends && texts.some((text) => text.endsWith(")"))) problems.push("a message ends with a bracket");
  if (order.grave && slots.some((slot) => PLAYFUL_FILLERS.has(slot)))
    problems.push("too playful for sober topics");
  return problems;
}

/** Whether a `{is|are}` stands where no noun phrase precedes it, or a `{>is|are}` where none follows. */
function agreesWithNothing(tokens: readonly Token[]): boolean {
  const isNoun = (token: Token) => slotsOf([token]).some((slot) => NOUN_SLOTS.has(slot));
  return tokens.some((token, at) => {
    if (token.type !== "number" || token.one === token.many) return false;
    const scope = token.ahead ? tokens.slice(at + 1) : tokens.slice(0, at);
    return !scope.some(isNoun);
  });
}

function unknownSlots(tokens: readonly Token[], content: WriterContent): string[] {
  return slotsOf(tokens).filter((slot) => !OWN_SLOTS.has(slot) && !content.fillers.has(slot));
}
