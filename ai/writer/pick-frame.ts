import type { ArchetypeId, Difficulty } from "#schema/vocabulary.ts";
import type { Rng } from "../rng.ts";
import { suits } from "./acts.ts";
import type { Act, Side } from "./acts.ts";
import type { NoveltyLedger } from "./novelty/ledger.ts";
import type { LineWish } from "./filler.ts";
import type { Beat } from "./plan-draft.ts";
import { staysOn } from "./stays-on.ts";
import type { Frame, Voice, WriterContent } from "./read-content.ts";
import { SORTS } from "./topic-words.ts";
import type { Named, TopicWords } from "./topic-words.ts";

/** What a message put on the table, for those who answer it. */
export interface Said {
  readonly slot: number;
  readonly act: Act;
  /** Noun phrases it named, latest last. */
  readonly phrases: readonly Named[];
  /** The fact or reason it gave. */
  readonly clause?: string | undefined;
  /** Which aspect of the topic it was about. */
  readonly aspect?: number | undefined;
  readonly side?: Side | undefined;
  /** Whom it answered. */
  readonly answered?: number | undefined;
}

/** A line of at most this many words counts as short. */
export const SHORT_WORDS = 4.6;

/** Words a line may usually have. */
const LONGEST: Readonly<Record<Difficulty, number>> = { simple: 16, medium: 24, complex: 40 };

const fittingFrames = new WeakMap<WriterContent, Map<string, readonly Frame[]>>();

/** The content cannot serve a beat; the message names the tags that would help. */
export class NoFrameLeftError extends Error {}

/** What a frame has been used for in the pool so far. */
export type CoreUses = Pick<NoveltyLedger, "coreUses" | "coreUsesFor">;

export interface PickerOrder {
  readonly content: WriterContent;
  readonly words: TopicWords;
  readonly topicId: string;
  readonly difficulty: Difficulty;
  readonly uses: CoreUses;
}

/** How much a voice's own sentences, and those made for the kind of topic, are preferred: they carry the most color. */
const OWN_WEIGHT = 4;
const KIND_WEIGHT = 2;

/** Frames with the sums of their weights so far: each as likely as its weight says. */
interface Choices {
  readonly frames: readonly Frame[];
  readonly upTo: readonly number[];
}

/** Chooses frames for the messages of one conversation. */
export class FramePicker {
  readonly #order: PickerOrder;
  readonly #rng: Rng;
  readonly #used = new Set<number>();
  #asked: { readonly beat: Beat; readonly isShort: boolean; readonly choices: Choices } | undefined;

  constructor(order: PickerOrder, rng: Rng) {
    this.#order = order;
    this.#rng = rng;
  }

  /** A frame the beat can use now, to be tried. @throws NoFrameLeftError when the content has none. */
  pick(beat: Beat, voice: Voice, target: Said | undefined, wish: LineWish): Frame {
    const { frames, upTo } = this.#choices(beat, voice.archetype, target, wish);
    const drawn = this.#rng() * (upTo.at(-1) ?? 0);
    const frame = frames[upTo.findIndex((weight) => drawn < weight)];
    if (frame) return frame;
    const { mode, kind } = this.#order.words;
    const what = `${beat.act}${beat.form ? `:${beat.form}` : ""} of ${voice.archetype}, ${beat.stance}`;
    throw new NoFrameLeftError(`the writer has no frame left for ${what}, ${mode} ${kind ?? ""}`);
  }

  /** The frame was used: it does not come again in this conversation. */
  use(frame: Frame): void {
    this.#used.add(frame.id);
    this.#asked = undefined;
  }

  /** Frames that can be used now and come nearest to the wish; the same for every try at a line. */
  #choices(beat: Beat, archetype: ArchetypeId, target: Said | undefined, wish: LineWish): Choices {
    if (this.#asked?.beat === beat && this.#asked.isShort === wish.isShort) return this.#asked.choices;
    const fitting = this.#fitting(beat, archetype);
    const fillable = fitting.filter((it) => !this.#used.has(it.id) && this.#canFill(it, beat, target));
    const onSubject = fillable.filter((frame) => this.#staysOnSubject(frame, beat, target));
    const sensible = onSubject.length > 0 ? onSubject : fillable;
    const bare = wish.keepsReason ? sensible.filter(({ slots }) => !givesReason(slots)) : [];
    const possible = bare.length > 0 ? bare : sensible;
    const longest = LONGEST[this.#order.difficulty];
    const ofLength = possible.filter(({ words }) =>
      wish.isShort ? words <= SHORT_WORDS : words > SHORT_WORDS && words <= longest,
    );
    const unnamed = wish.mayName ? ofLength : ofLength.filter(({ slots }) => !namesSomebody(slots));
    const pointing = wish.pointsBack ? unnamed.filter(({ slots }) => pointsBack(slots)) : [];
    const wished = [pointing, unnamed, ofLength, possible].find(({ length }) => length > 0) ?? [];
    const choices = this.#weigh(wished);
    this.#asked = { beat, isShort: wish.isShort, choices };
    return choices;
  }

  /** Those the topic has used least; of these, what the whole pool has used much comes seldom. */
  #weigh(wished: readonly Frame[]): Choices {
    const { uses, topicId } = this.#order;
    const ofTopic = wished.map(({ key }) => uses.coreUsesFor(topicId, key));
    const fewest = Math.min(...ofTopic);
    const frames = wished.filter((_, at) => ofTopic[at] === fewest);
    let total = 0;
    const upTo = frames.map(({ who, kinds, key }) => {
      total += ((who ? OWN_WEIGHT : 1) * (kinds ? KIND_WEIGHT : 1)) / (1 + uses.coreUses(key));
      return total;
    });
    return { frames, upTo };
  }

  #canFill(frame: Frame, beat: Beat, target: Said | undefined): boolean {
    const { slots } = frame;
    const { words } = this.#order;
    if (slots.has("their") && !words.canQuote(target?.clause)) return false;
    if (slots.has("echo+") && !target?.phrases.some(({ tone }) => tone === "good")) return false;
    if (slots.has("echo-") && !target?.phrases.some(({ tone }) => tone === "bad")) return false;
    if (slots.has("echo") && beat.act !== "closing" && !target?.phrases.length) return false;
    if (slots.has("other") && (target?.answered === undefined || target.answered === beat.slot)) return false;
    if (slots.has("name") && !target && beat.of === undefined) return false;
    const asked = (slot: string) => slots.get(slot) ?? 0;
    const [good, bad, reasons] = [asked("good"), asked("bad"), asked("reason")];
    if (good > words.left("good") || bad > words.left("bad")) return false;
    if (good + bad + asked("phrase") > words.left("good") + words.left("bad")) return false;
    if (asked("fact") > words.left("fact")) return false;
    if (asked("pro") + reasons > words.left("pro") || asked("con") + reasons > words.left("con"))
      return false;
    return true;
  }

  /** Whether all that a reply brings up is left of the aspect it replies on. */
  #staysOnSubject({ slots }: Frame, beat: Beat, target: Said | undefined): boolean {
    const aspect = target?.aspect;
    if (aspect === undefined || !staysOn(beat, target) || beat.form === "pick") return true;
    const { words } = this.#order;
    const side = beat.stance === "open" ? (target?.side ?? "pro") : beat.stance;
    return SORTS.every((sort) => {
      const asked = (slots.get(sort) ?? 0) + (sort === side ? (slots.get("reason") ?? 0) : 0);
      return asked <= words.leftOf(aspect, sort);
    });
  }

  #fitting(beat: Beat, archetype: ArchetypeId): readonly Frame[] {
    const { content } = this.#order;
    let cache = fittingFrames.get(content);
    if (!cache) fittingFrames.set(content, (cache = new Map()));
    const { mode, kind } = this.#order.words;
    const key = `${beat.act} ${beat.form ?? ""} ${beat.stance} ${archetype} ${mode} ${kind ?? ""}`;
    let frames = cache.get(key);
    if (!frames) {
      frames = framesOf(content, beat.act).filter(
        (frame) =>
          suits(frame.form, beat.form) &&
          (!frame.stance || frame.stance === beat.stance) &&
          (!frame.who || frame.who.includes(archetype)) &&
          frame.modes.includes(mode) &&
          (!frame.kinds || (kind !== undefined && frame.kinds.includes(kind))),
      );
      cache.set(key, frames);
    }
    return frames;
  }
}

const framesByAct = new WeakMap<WriterContent, Map<Act, Frame[]>>();

function framesOf(content: WriterContent, act: Act): readonly Frame[] {
  let byAct = framesByAct.get(content);
  if (!byAct) framesByAct.set(content, (byAct = Map.groupBy(content.frames, (frame) => frame.act)));
  return byAct.get(act) ?? [];
}

/** Whether a sentence with these slots calls a speaker by name. */
export function namesSomebody(slots: { has(slot: string): boolean }): boolean {
  return slots.has("name") || slots.has("other");
}

function givesReason(slots: { has(slot: string): boolean }): boolean {
  return slots.has("pro") || slots.has("con") || slots.has("reason");
}

/** Slots that hold words of the message answered. */
export const POINTING_SLOTS: readonly string[] = ["echo", "echo+", "echo-", "their"];

/** Whether a sentence with these slots takes up words of the message it answers. */
export function pointsBack(slots: { has(slot: string): boolean }): boolean {
  return POINTING_SLOTS.some((slot) => slots.has(slot));
}
