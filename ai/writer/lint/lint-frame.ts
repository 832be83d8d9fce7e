import type { Act } from "../acts.ts";
import type { Frame, WriterContent } from "../read-content.ts";
import { findWrongQuestions } from "./find-wrong-questions.ts";
import { lintPattern } from "./lint-pattern.ts";
import { sayOften } from "./say-often.ts";
import { whereIs } from "./where-is.ts";

/** Fixed words in a row; the aim is three. */
const LONGEST_RUN = 4;

const ASKING: ReadonlySet<Act> = new Set<Act>(["ask", "opening"]);

/** Everything wrong with one sentence, each complaint naming where it stands. */
export function lintFrame(frame: Frame, content: WriterContent): string[] {
  const { act, form, modes, slots, source, stance } = frame;
  const asks = source.includes("?");
  const news = modes.includes("news");
  const grave = modes.some((mode) => mode !== "light");
  const pattern = {
    source,
    tokens: frame.tokens,
    plurals: modes.some((mode) => mode !== "news"),
    grave,
    begins: true,
    ends: true,
    answers: act === "answer",
    longestRun: LONGEST_RUN,
  };
  const problems = lintPattern(pattern, content);
  if (!/[.!?…]["”*]?$/.test(source)) problems.push("no end mark");
  if (!asks && (act === "ask" || (act === "opening" && form !== undefined)))
    problems.push("a question without a question mark");
  if (act === "closing" && asks) problems.push("nobody could answer a question at the end");
  if (form && ASKING.has(act)) problems.push(...findWrongQuestions(form, sayOften(pattern, content)));
  if ((slots.get("fact") ?? 0) > 1) problems.push("one fact at a time");
  if (act === "anecdote" && !stance) problems.push("a story takes a side, or is told by whoever has none");
  if (news && slots.has("fact")) problems.push("a headline has no facts");
  if (!news && slots.has("headline")) problems.push("only headlines are quoted");
  if (news && act === "opening" && !slots.has("headline")) problems.push("the headline is never told");
  if (grave && act === "joke") problems.push("jokes are for light topics");
  return problems.map((problem) => `${whereIs(frame)}: ${problem}: ${source}`);
}
