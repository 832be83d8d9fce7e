import { pick } from "../rng.ts";
import type { Rng } from "../rng.ts";
import type { Act } from "./acts.ts";
import type { FillOrder, Filler } from "./filler.ts";
import { withSmallStart } from "./finish-text.ts";
import { slotsOf, type Token } from "./frame.ts";
import { POINTING_SLOTS, pointsBack, SHORT_WORDS } from "./pick-frame.ts";
import type { Beat } from "./plan-draft.ts";
import type { Frame, Phrasing } from "./read-content.ts";

/** Acts before which "Right!" or "Hmm, but" would be true to the voice. */
const OPENER_SORT: Readonly<Partial<Record<Act, "agree" | "differ">>> = {
  agree: "agree",
  challenge: "differ",
  defend: "differ",
};

/** Acts that can bear words in front. An answer's first words answer; stories, jokes and reactions come at once. */
const OPENED: ReadonlySet<Act> = new Set<Act>(["claim", "fact", "ask", "agree", "challenge", "defend"]);

/** Acts that can bear a remark behind them; the others are complete without. */
const CLOSED: ReadonlySet<Act> = new Set<Act>(["claim", "challenge", "defend"]);

/** Acts that take up what was said before they go on about it. */
const LINKED: ReadonlySet<Act> = new Set<Act>(["agree", "challenge", "defend"]);

/** How often a line that should point back does so by a link, where its frame does not. */
const POINTING_LINK = 0.75;

/** A line that begins with an interjection, a name, a quotation or a conjunction needs no opener. */
const HAS_OPENER =
  /^(?:[\p{L}' ]{1,16}[,!?…:]|[“"{*]|(?:and|but|because|yes|no|not|so|or|then)\b)|^.{0,60}:/iu;

/**
 * Gives a filled line the speaker's openers, links, closers and end marks, as often as the voice has the habit. A
 * sentence only this voice says has its sound already, and a short one is complete.
 */
export function speakInVoice(core: string, frame: Frame, order: FillOrder, filler: Filler, rng: Rng): string {
  const { voice, beat, words, target } = order;
  const { habits } = voice;
  const light = words.mode === "light";
  const asks = light ? /[?]["”]?$/.test(core) : core.includes("?");
  const isPlain = !frame.who && frame.words > SHORT_WORDS;
  let text = core;
  const link =
    isPlain && target && canLink(frame, beat) && rng() < (order.wish.pointsBack ? POINTING_LINK : habits.link)
      ? pickLink(order, frame, rng)
      : undefined;
  if (link) {
    const pointer = filler.pointBack(link);
    text = `${pointer} ${pointer.endsWith(":") ? goOn(text, frame) : text}`;
  } else if (
    isPlain &&
    OPENED.has(beat.act) &&
    rng() < habits.opener &&
    (light || !asks) &&
    !HAS_OPENER.test(core) &&
    !beginsWithSlot(frame, POINTING_SLOTS)
  ) {
    const sort = asks ? "ask" : light ? (OPENER_SORT[beat.act] ?? "any") : "calm";
    const opener = filler.fill(pickPhrasing(voice.openers[sort], order, rng));
    text = `${opener} ${/[.!?]$/.test(opener) ? text : goOn(text, frame)}`;
  }
  if (isPlain && !asks && CLOSED.has(beat.act) && rng() < habits.closer) {
    text = `${text} ${filler.fill(pickPhrasing(voice.closers[light ? "any" : "calm"], order, rng))}`;
  }
  if (text.endsWith(".")) {
    if (light && rng() < habits.exclaim) text = `${text.slice(0, -1)}!`;
    else if (rng() < habits.trail) text = `${text.slice(0, -1)}…`;
  }
  return text;
}

/** In mid-sentence; what a topic's piece begins with keeps its capital, as it may be a name. */
function goOn(text: string, frame: Frame): string {
  return beginsWithSlot(frame) ? text : withSmallStart(text);
}

function beginsWithSlot({ tokens: [first] }: Frame, names?: readonly string[]): boolean {
  return first?.type === "slot" && (names?.includes(first.name) ?? true);
}

/** Whether the frame leaves it to a link to point back. */
function canLink(frame: Frame, beat: Beat): boolean {
  return LINKED.has(beat.act) && !pointsBack(frame.slots);
}

/** A link the message answered can fill, and that does not name its author a second time. */
function pickLink(order: FillOrder, frame: Frame, rng: Rng): Phrasing | undefined {
  const { voice, target, words, wish } = order;
  const hasColon = frame.source.includes(":");
  const possible = voice.links[words.mode === "light" ? "any" : "calm"].filter((link) => {
    const slots = slotsOf(link);
    if (slots.includes("name") && (!wish.mayName || frame.slots.has("name"))) return false;
    if (hasColon && endsInColon(link)) return false;
    return slots.includes("their") ? words.canQuote(target?.clause) : (target?.phrases.length ?? 0) > 0;
  });
  return possible.length > 0 ? pick(rng, possible) : undefined;
}

function endsInColon(tokens: readonly Token[]): boolean {
  const last = tokens.at(-1);
  return last?.type === "text" && last.value.endsWith(":");
}

/** One of a voice's phrasings; one that names somebody only where that is wished for. */
function pickPhrasing(phrasings: readonly Phrasing[], { wish }: FillOrder, rng: Rng): Phrasing {
  const fitting = wish.mayName ? phrasings : phrasings.filter((tokens) => !slotsOf(tokens).includes("name"));
  return pick(rng, fitting.length > 0 ? fitting : phrasings);
}
