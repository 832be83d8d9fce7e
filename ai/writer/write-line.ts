import type { LineSentiment } from "#schema/vocabulary.ts";
import { pick } from "../rng.ts";
import type { Rng } from "../rng.ts";
import type { Act } from "./acts.ts";
import { finishText, stutters, withSmallStart } from "./finish-text.ts";
import { slotsOf } from "./frame.ts";
import type { Token } from "./frame.ts";
import type { FramePicker, Said } from "./pick-frame.ts";
import type { Beat } from "./plan-conversation.ts";
import type { Frame, Phrasing, Voice, WriterContent } from "./read-content.ts";
import type { Named, TopicWords } from "./topic-words.ts";

interface LineOrder {
  readonly content: WriterContent;
  readonly picker: FramePicker;
  readonly words: TopicWords;
  readonly voice: Voice;
  readonly beat: Beat;
  /** The message it answers. */
  readonly target: Said | undefined;
}

interface WrittenLine {
  readonly text: string;
  readonly sentiment: LineSentiment;
  readonly said: Said;
}

const TRIES = 3;

/** Writes one message: a frame, filled, in the speaker's voice. */
export function writeLine(order: LineOrder, rng: Rng): WrittenLine {
  let line: WrittenLine | undefined;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const frame: Frame = order.picker.pick(order.beat, order.voice, order.target);
    const filler = new Filler(order, rng);
    const core = filler.fill(frame.tokens);
    const text = finishText(withVoice(core, frame, order, filler, rng));
    const { beat } = order;
    line = {
      text,
      sentiment: frame.sentiment,
      said: {
        slot: beat.slot,
        act: beat.act,
        phrases: filler.phrases,
        clause: filler.clause,
        answered: order.target?.slot,
      },
    };
    if (!stutters(text)) return line;
  }
  if (!line) throw new Error("no line was written");
  return line;
}

/** Fills the tokens of one message and remembers what it named. */
class Filler {
  readonly phrases: Named[] = [];
  clause: string | undefined;
  readonly #order: LineOrder;
  readonly #rng: Rng;
  #many = false;

  constructor(order: LineOrder, rng: Rng) {
    this.#order = order;
    this.#rng = rng;
  }

  fill(tokens: readonly Token[]): string {
    let text = "";
    for (const token of tokens) {
      if (token.type === "text") text += token.value;
      else if (token.type === "number") text += this.#many ? token.many : token.one;
      else if (token.type === "choice") text += this.fill(pick(this.#rng, token.options));
      else text += this.#slot(token.name);
    }
    return text;
  }

  #slot(name: string): string {
    const { words, target, beat, voice, content } = this.#order;
    switch (name) {
      case "topic":
        return this.#named(words.name());
      case "headline":
        return words.headline;
      case "good":
      case "bad":
        return this.#phrase(words.takePhrase(name));
      case "phrase":
        return this.#phrase(words.takePhrase("any"));
      case "echo":
        return this.#named(
          (target && target.phrases.length > 0 && pick(this.#rng, target.phrases)) || words.name(),
        );
      case "fact":
      case "pro":
      case "con":
        return this.#said(words.takeClause(name));
      case "reason":
        return this.#said(words.takeClause(words.reasonOf(beat.stance)));
      case "their":
        return target?.clause ?? "that";
      case "name":
        return `{slot:${beat.of ?? target?.slot ?? beat.slot}}`;
      case "other":
        return `{slot:${target?.answered ?? beat.slot}}`;
      case "think":
        return this.fill(pick(this.#rng, voice.think));
      default: {
        const filler = content.fillers.get(name);
        if (!filler) throw new Error(`no filler list is called ${name}`);
        return this.fill(pick(this.#rng, filler));
      }
    }
  }

  #named(named: Named): string {
    this.#many = named.many;
    return named.text;
  }

  #phrase(named: Named | undefined): string {
    const phrase = named ?? this.#order.words.name();
    this.phrases.push(phrase);
    return this.#named(phrase);
  }

  #said(clause: string | undefined): string {
    this.clause = clause ?? "there is more to it";
    return this.clause;
  }
}

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
  /^(?:[\p{L}' ]{1,16}[,!?…:]|[“"{*]|(?:and|but|because|yes|no|not|so|or|then)\b)|^.{0,40}:/iu;

function withVoice(core: string, frame: Frame, order: LineOrder, filler: Filler, rng: Rng): string {
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
    text = `${filler.fill(link)} ${text}`;
  } else if (rng() < habits.opener * share && !short && !HAS_OPENER.test(core)) {
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
  return beat.act !== "closing" && beat.form !== "pick" && !slots.has("echo") && !slots.has("their");
}

/** A link the message answered can fill, and that does not name its author a second time. */
function pickLink({ voice, target }: LineOrder, frame: Frame, rng: Rng): Phrasing | undefined {
  const possible = voice.links.filter((link) => {
    const slots = slotsOf(link);
    if (slots.includes("name") && frame.slots.has("name")) return false;
    return slots.includes("their") ? target?.clause !== undefined : (target?.phrases.length ?? 0) > 0;
  });
  return possible.length > 0 ? pick(rng, possible) : undefined;
}
