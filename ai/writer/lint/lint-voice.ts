import { slotsOf } from "../frame.ts";
import type { Phrasing, Voice, WriterContent } from "../read-content.ts";
import { lintPattern } from "./lint-pattern.ts";
import { writePattern } from "./write-pattern.ts";

type Part = "openers" | "links" | "closers" | "think";

/** A whole idiom may stand in front of or behind a line. */
const LONGEST_RUN = 5;

/** Fewest openers and closers, all sorts together, that keep a voice from wearing out. */
const FEWEST: Readonly<Partial<Record<Part, number>>> = { openers: 80, closers: 60 };

/** Everything wrong with what a voice puts in front of and behind its lines. */
export function lintVoice(voice: Voice, content: WriterContent): string[] {
  return (["openers", "links", "closers", "think"] as const).flatMap((part) => {
    const sorts: [string, readonly Phrasing[]][] = Object.entries(voice[part]);
    const count = sorts.reduce((sum, [, phrasings]) => sum + phrasings.length, 0);
    const fewest = FEWEST[part] ?? 0;
    const where = `voices/${voice.archetype}.yaml ${part}`;
    return [
      ...(count < fewest ? [`${where}: only ${count} of at least ${fewest}`] : []),
      ...sorts.flatMap(([sort, phrasings]) =>
        phrasings.flatMap((tokens) =>
          lintPhrasing(part, sort, tokens, content).map(
            (it) => `${where} ${sort}: ${it}: ${writePattern(tokens)}`,
          ),
        ),
      ),
    ];
  });
}

function lintPhrasing(part: Part, sort: string, tokens: Phrasing, content: WriterContent): string[] {
  const source = writePattern(tokens);
  const pattern = {
    source,
    tokens,
    plurals: true,
    grave: sort === "calm",
    begins: part === "openers" || part === "links",
    ends: part === "closers",
    longestRun: LONGEST_RUN,
  };
  const problems = lintPattern(pattern, content);
  if (part === "closers" && !/[.!?…][”)*]?\]?$/.test(source)) problems.push("no end mark");
  if (part === "think" && /[.!?]$/.test(source)) problems.push("a clause follows, so no end mark");
  const slots = slotsOf(tokens);
  if (part === "links" && !slots.some((slot) => slot.startsWith("echo") || slot === "their"))
    problems.push("a link points back");
  return problems;
}
