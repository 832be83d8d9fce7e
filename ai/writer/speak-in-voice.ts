import { pick } from "../rng.ts";
import type { Rng } from "../rng.ts";
import type { Act } from "./acts.ts";
import type { FillOrder, Filler } from "./filler.ts";
import { withSmallStart } from "./finish-text.ts";
import { slotsOf } from "./frame.ts";
import type { Beat } from "./plan-draft.ts";
import type { Frame, Phrasing } from "./read-content.ts";

/** Acts before which "Right!" or "Hmm, but" would be true to the voice. */
const OPENER_SORT: Readonly<Partial<Record<Act, "agree" | "differ">>> = {
  agree: "agree",
  challenge: "differ",
  defend: "differ",
};

/** Acts that can bear a remark behind them; a closing, a question or a reaction is complete without. */
const CLOSED: ReadonlySet<Act> = new Set<Act>([
  "claim",
  "fact",
  "answer",
  "challenge",
  "defend",
  "joke",
  "anecdote",
]);

/** A line that begins with an interjection, a name, a quotation or a conjunction needs no opener. */
const HAS_OPENER =
  /^(?:[\p{L}' ]{1,16}[,!?…:]|[“"{*]|(?:and|but|because|yes|no|not|so|or|then)\b)|^.{0,60}:/iu;

/** Gives a filled line the speaker's openers, links, closers and end marks, as often as the voice has the habit. */
export function speakInVoice(core: string, frame: Frame, order: FillOrder, filler: Filler, rng: Rng): string {
  const { voice, beat, words, target } = order;
  const { habits } = voice;
  const light = words.mode === "light";
  const share = frame.who ? 0.6 : 1;
  const asks = /[?]["”]?$/.test(core);
  const short = frame.words <= 4.6;
  let text = core;
  const link =
    !short && target && canLink(frame, beat) && rng() < habits.link ? pickLink(order, frame, rng) : undefined;
  if (link) {
    const pointer = filler.fill(link);
    text = `${pointer} ${pointer.endsWith(":") ? withSmallStart(text) : text}`;
  } else if (
    rng() < habits.opener * share &&
    !short &&
    beat.act !== "closing" &&
    (light || !asks) &&
    !HAS_OPENER.test(core)
  ) {
    const sort = asks ? "ask" : light ? (OPENER_SORT[beat.act] ?? "any") : "calm";
    const opener = filler.fill(pick(rng, voice.openers[sort]));
    text = `${opener} ${/[.!?]$/.test(opener) ? text : withSmallStart(text)}`;
  }
  if (rng() < habits.closer * share && !short && !asks && CLOSED.has(beat.act)) {
    text = `${text} ${filler.fill(pick(rng, voice.closers[light ? "any" : "calm"]))}`;
  }
  if (text.endsWith(".")) {
    if (light && rng() < habits.exclaim) text = `${text.slice(0, -1)}!`;
    else if (rng() < habits.trail) text = `${text.slice(0, -1)}…`;
  }
  return text;
}

/** Whether the frame leaves it to a link to point back. */
function canLink(frame: Frame, beat: Beat): boolean {
  const { slots } = frame;
  return (
    beat.act !== "closing" &&
    beat.form !== "pick" &&
    !["echo", "echo+", "echo-", "their"].some((it) => slots.has(it))
  );
}

/** A link the message answered can fill, and that does not name its author a second time. */
function pickLink({ voice, target, words }: FillOrder, frame: Frame, rng: Rng): Phrasing | undefined {
  const possible = voice.links[words.mode === "light" ? "any" : "calm"].filter((link) => {
    const slots = slotsOf(link);
    if (slots.includes("name") && frame.slots.has("name")) return false;
    return slots.includes("their") ? target?.clause !== undefined : (target?.phrases.length ?? 0) > 0;
  });
  return possible.length > 0 ? pick(rng, possible) : undefined;
}
