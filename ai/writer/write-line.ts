import type { LineSentiment } from "#schema/vocabulary.ts";
import type { Rng } from "../rng.ts";
import type { Act } from "./acts.ts";
import { Filler } from "./filler.ts";
import type { FillOrder, LineWish } from "./filler.ts";
import { finishText, stutters } from "./finish-text.ts";
import type { NoveltyLedger } from "./novelty/ledger.ts";
import { pointsBack } from "./pick-frame.ts";
import type { FramePicker, Said } from "./pick-frame.ts";
import type { Beat } from "./plan-draft.ts";
import type { Frame, Voice } from "./read-content.ts";
import { opposesTag } from "./sentiment/opposes-tag.ts";
import { speakInVoice } from "./speak-in-voice.ts";

/** How often an act is done in few words, before the voice's habit. */
const SHORT_SHARE: Readonly<Partial<Record<Act, number>>> = {
  react: 0.5,
  agree: 0.34,
  answer: 0.24,
  concede: 0.3,
  ask: 0.18,
  closing: 0.3,
};

/** Acts that owe a reason, without which nobody could give in to them. */
const REASONED: ReadonlySet<Act> = new Set<Act>(["challenge", "defend"]);

/** The share of replies that take up words of what they answer; the others answer it in their own. */
const POINTING_BACK = 0.8;

interface LineOrder extends Omit<FillOrder, "wish"> {
  readonly picker: FramePicker;
  readonly ledger: Pick<NoveltyLedger, "judge">;
  /** The share of lines that may name another speaker, 0 to 1. */
  readonly naming: number;
  /** The message after it asks for its reason. */
  readonly isAskedWhy: boolean;
}

export interface WrittenLine {
  readonly text: string;
  readonly sentiment: LineSentiment;
  readonly frame: Frame;
  readonly said: Said;
  /** Nothing better could be found: it repeats the pool, or a word. */
  readonly isForced: boolean;
}

interface Attempt extends Omit<WrittenLine, "isForced"> {
  /** The higher the better; below 0 something is wrong with it. */
  readonly rank: number;
  readonly left: ReturnType<FillOrder["words"]["keep"]>;
}

/** Tries that are made for a better line, and those that are made for one that repeats nothing. */
const TRIES = 6;
const MOST_TRIES = 40;
const SHORT_TRIES = 8;
/** So good that it is not worth looking for better. */
const GOOD_ENOUGH = 0.97;
/** Below any line that repeats nothing; above one that stutters. */
const STALE = -2;
const STUTTERING = -4;

/** Writes one message: of several tries, each a frame filled in the speaker's voice, the one the pool knows least of. */
export function writeLine(order: LineOrder, rng: Rng): WrittenLine {
  const { beat, voice, words, target } = order;
  const wish: LineWish = {
    isShort: rng() < shortShare(beat, voice),
    pointsBack: target !== undefined && beat.act !== "closing" && rng() < POINTING_BACK,
    keepsReason: order.isAskedWhy,
    // Whoever asks somebody else than the last speaker must say whom.
    mayName: (beat.of !== undefined && beat.of !== target?.slot) || rng() < order.naming,
  };
  const before = words.keep();
  let best: Attempt | undefined;
  for (let attempt = 1; attempt <= MOST_TRIES && !isGoodEnough(best, attempt); attempt++) {
    words.restore(before);
    // Few short sentences are left for some beats: a longer one is better than one heard too often.
    const isShort = wish.isShort && attempt <= SHORT_TRIES;
    const line = tryLine(order, { ...wish, isShort }, rng);
    if (best && line.rank <= best.rank) continue;
    // Only of what would be taken: the lexicons take as long as all the rest.
    const rank = line.rank >= 0 && isOffKey(line, beat) ? STALE + line.rank : line.rank;
    if (!best || rank > best.rank) best = { ...line, rank };
  }
  if (!best) throw new Error("no line was written");
  words.restore(best.left);
  order.picker.use(best.frame);
  return { ...best, isForced: best.rank < 0 };
}

function shortShare({ act, form }: Beat, voice: Voice): number {
  if (REASONED.has(act) || (act === "answer" && form === "why")) return 0;
  return (SHORT_SHARE[act] ?? 0.03) + voice.habits.short;
}

/** Before another attempt. */
function isGoodEnough(best: Attempt | undefined, attempt: number): boolean {
  if (!best) return false;
  return best.rank >= GOOD_ENOUGH || (best.rank >= 0 && attempt > TRIES);
}

function tryLine(order: LineOrder, wish: LineWish, rng: Rng): Attempt {
  const { beat, target, words } = order;
  const frame = order.picker.pick(beat, order.voice, target, wish);
  const filling: FillOrder = { ...order, wish };
  const filler = new Filler(filling, rng, pointsBack(frame.slots));
  const core = filler.fill(frame.tokens);
  const text = finishText(speakInVoice(core, frame, filling, filler, rng));
  const { isStale, novelty } = order.ledger.judge(text);
  const newness = wish.isShort ? 1 : novelty;
  return {
    text,
    sentiment: frame.sentiment,
    frame,
    said: {
      slot: beat.slot,
      act: beat.act,
      phrases: filler.phrases,
      clause: filler.clause,
      aspect: filler.aspect,
      side: filler.side,
      answered: target?.slot,
    },
    rank: stutters(text) ? STUTTERING + novelty : isStale ? STALE + novelty : newness,
    left: words.keep(),
  };
}

/** A joke may say the opposite of what it means. */
function isOffKey({ text, sentiment }: Attempt, beat: Beat): boolean {
  return beat.act !== "joke" && opposesTag(text, sentiment);
}
