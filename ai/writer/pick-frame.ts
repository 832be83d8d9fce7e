import type { ArchetypeId, Difficulty } from "#schema/vocabulary.ts";
import type { Rng } from "../rng.ts";
import type { Act } from "./acts.ts";
import type { Beat } from "./plan-draft.ts";
import type { Frame, Voice, WriterContent } from "./read-content.ts";
import type { Named, TopicWords } from "./topic-words.ts";

/** What a message put on the table, for those who answer it. */
export interface Said {
  readonly slot: number;
  readonly act: Act;
  /** Noun phrases it named, latest last. */
  readonly phrases: readonly Named[];
  /** The fact or reason it gave. */
  readonly clause?: string | undefined;
  /** Whom it answered. */
  readonly answered?: number | undefined;
}

/** A line of at most this many words counts as short. */
const SHORT_WORDS = 5;

/** How often an act is done in few words, before the voice's habit. */
const SHORT_SHARE: Readonly<Partial<Record<Act, number>>> = {
  react: 0.4,
  agree: 0.22,
  answer: 0.16,
  concede: 0.2,
  ask: 0.12,
  challenge: 0.1,
  defend: 0.08,
  closing: 0.2,
};

/** Words a line may usually have. */
const LONGEST: Readonly<Record<Difficulty, number>> = { simple: 16, medium: 24, complex: 40 };

const fittingFrames = new WeakMap<WriterContent, Map<string, readonly Frame[]>>();

/** The content cannot serve a beat; the message names the tags that would help. */
export class NoFrameLeftError extends Error {}

/** Chooses a frame for each message of one conversation, none twice. */
export class FramePicker {
  readonly #content: WriterContent;
  readonly #words: TopicWords;
  readonly #difficulty: Difficulty;
  readonly #rng: Rng;
  readonly #used = new Set<number>();

  constructor(content: WriterContent, words: TopicWords, difficulty: Difficulty, rng: Rng) {
    this.#content = content;
    this.#words = words;
    this.#difficulty = difficulty;
    this.#rng = rng;
  }

  /** A frame the beat can use now. @throws NoFrameLeftError when the content has none. */
  pick(beat: Beat, voice: Voice, target: Said | undefined): Frame {
    const fitting = this.#fitting(beat, voice.archetype);
    const possible = fitting.filter(
      (frame) => !this.#used.has(frame.id) && this.#canFill(frame, beat, target),
    );
    const short = this.#rng() < (SHORT_SHARE[beat.act] ?? 0.02) + voice.habits.short;
    const longest = LONGEST[this.#difficulty];
    const frame =
      this.#draw(possible, (it) =>
        short ? it.words <= SHORT_WORDS : it.words > SHORT_WORDS && it.words <= longest,
      ) ?? this.#draw(possible, () => true);
    if (!frame) {
      const what = `${beat.act}${beat.form ? `:${beat.form}` : ""} of ${voice.archetype}, ${beat.stance}`;
      throw new NoFrameLeftError(
        `the writer has no frame left for ${what}, ${this.#words.mode} ${this.#words.kind ?? ""}`,
      );
    }
    this.#used.add(frame.id);
    return frame;
  }

  #draw(frames: readonly Frame[], fits: (frame: Frame) => boolean): Frame | undefined {
    let chosen: Frame | undefined;
    let total = 0;
    for (const frame of frames) {
      if (!fits(frame)) continue;
      // A voice's own sentences and those made for the kind of topic carry the most colour.
      const weight = (frame.who ? 4 : 1) * (frame.kinds ? 2 : 1);
      total += weight;
      if (this.#rng() * total < weight) chosen = frame;
    }
    return chosen;
  }

  #canFill(frame: Frame, beat: Beat, target: Said | undefined): boolean {
    const { slots } = frame;
    const words = this.#words;
    if (slots.has("their") && !target?.clause) return false;
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

  #fitting(beat: Beat, archetype: ArchetypeId): readonly Frame[] {
    let cache = fittingFrames.get(this.#content);
    if (!cache) fittingFrames.set(this.#content, (cache = new Map()));
    const { mode, kind } = this.#words;
    const key = `${beat.act} ${beat.form ?? ""} ${beat.stance} ${archetype} ${mode} ${kind ?? ""}`;
    let frames = cache.get(key);
    if (!frames) {
      frames = this.#content.frames.filter(
        (frame) =>
          frame.act === beat.act &&
          frame.form === beat.form &&
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
