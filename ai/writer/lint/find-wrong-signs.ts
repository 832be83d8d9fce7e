import { createRng } from "../../rng.ts";
import type { Frame } from "../read-content.ts";
import { opposesTag } from "../sentiment/opposes-tag.ts";
import { scoreByAfinn, scoreByVader } from "../sentiment/score-by-lexicons.ts";
import { sayOnce } from "./say-once.ts";
import { whereIs } from "./where-is.ts";

/** The share of polar sentences, of those the lexicons can read, whose fixed words have the sign of their tag. */
const LEAST_RIGHT = 0.9;
/** Enough to meet every option of most choices. */
const SAMPLES = 6;

/** Lexicons take these for feelings; here they answer, and no to a doubt is in favor. */
const ANSWER = /\b(?:yes|no|nope)\b/gi;

/**
 * Sentences tagged positive or negative whose fixed words say the opposite to both lexicons, and a complaint about the
 * whole when too many lean the wrong way. Jokes, and what is said to them, are exempt: they say the opposite for fun.
 */
export function findWrongSigns(frames: readonly Frame[]): string[] {
  const polar = frames.filter(
    ({ act, form, sentiment }) => sentiment !== "neutral" && act !== "joke" && form !== "joke",
  );
  const cores = polar.map((frame) => ({ frame, texts: sayFixedWords(frame) }));
  const opposed = cores.filter(({ frame, texts }) => texts.some((text) => opposesTag(text, frame.sentiment)));
  const signs = cores
    .map(({ frame, texts }) => ({ frame, sign: toSign(texts) }))
    .filter(({ sign }) => sign !== 0);
  const wrong = signs.filter(({ frame, sign }) => sign !== (frame.sentiment === "positive" ? 1 : -1));
  const complaints = opposed.map(({ frame }) => complain(frame));
  if (wrong.length <= (1 - LEAST_RIGHT) * signs.length) return complaints;
  return [
    ...complaints,
    ...wrong.map(({ frame }) => `${complain(frame)} (one of ${wrong.length} in ${signs.length})`),
  ];
}

function complain(frame: Frame): string {
  return `${whereIs(frame)}: does not sound ${frame.sentiment}: ${frame.source}`;
}

/** Some ways to say a sentence with nothing in its slots. */
function sayFixedWords({ source, tokens }: Frame): string[] {
  const rng = createRng(source);
  return Array.from({ length: SAMPLES }, () =>
    sayOnce(tokens, { rng, many: false, fill: () => " " }).replaceAll(ANSWER, ""),
  );
}

/** The sign both lexicons read in the texts together; 0 when they read none or differ. */
function toSign(texts: readonly string[]): number {
  const scores = texts.map((text) => ({ vader: scoreByVader(text), afinn: scoreByAfinn(text) }));
  const vader = Math.sign(scores.reduce((sum, score) => sum + score.vader, 0));
  const afinn = Math.sign(scores.reduce((sum, score) => sum + score.afinn, 0));
  return vader === afinn ? vader : 0;
}
