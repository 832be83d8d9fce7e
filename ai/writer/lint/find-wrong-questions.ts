import type { Form } from "../acts.ts";

const VERB =
  "(?:'s|'d| is| are| was| were| do| does| did| would| will| can| could| should| must| has| have)\\b";
const CALLS_FOR_NAME = /^(?:and |but |so |now |then )?(?:who|whom|whose|which)\b/i;
/** "When", "where" and "how" ask only before a verb: "When you dream, does it help?" */
const OPEN = new RegExp(
  `^(?:and |but |so |now |then )?(?:(?:what|who|whom|whose|which|why)\\b|(?:how|where|when)${VERB})`,
  "i",
);

const NO_VIEW = { words: CALLS_FOR_NAME, problem: "does not ask for a view" };
const NO_YES = { words: OPEN, problem: "cannot be answered by yes or no" };

const NEVER: Readonly<Partial<Record<Form, typeof NO_YES>>> = {
  yesno: NO_YES,
  doubt: NO_YES,
  opinion: NO_VIEW,
  gone: NO_VIEW,
  more: NO_VIEW,
  later: NO_VIEW,
};

/** What no answer of its form could fit in a question, in the ways its pattern can come out. */
export function findWrongQuestions(form: Form, texts: readonly string[]): string[] {
  const rule = NEVER[form];
  return rule && texts.some((text) => toQuestion(text).some((part) => rule.words.test(part)))
    ? [rule.problem]
    : [];
}

/** The last question in a text, in the parts between its commas and colons. */
function toQuestion(text: string): string[] {
  const sentences = text.split(/(?<=[.!?…]) /);
  return sentences.findLast((sentence) => sentence.includes("?"))?.split(/[,:] /) ?? [];
}
