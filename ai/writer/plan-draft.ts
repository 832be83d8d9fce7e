import { pick } from "../rng.ts";
import type { Rng } from "../rng.ts";
import { STANCE_ACTS } from "./acts.ts";
import type { Act, Form, QuestionForm, Stance } from "./acts.ts";
import type { Exchange, ExchangeBeat } from "./content-schema.ts";
import type { Voice } from "./read-content.ts";

/** One planned message. */
export interface Beat {
  readonly slot: number;
  readonly act: Act;
  /** What is asked or reacted to, where the act has forms. */
  readonly form?: Form;
  /** The speaker's stance at this moment. */
  readonly stance: Stance;
  /** Index of the message it answers, -1 for none. */
  readonly to: number;
  /** The slot that is asked, when that is not the author of the message it answers. */
  readonly of?: number;
}

/** What one can agree with, and what one can give in to. */
const AGREED: ReadonlySet<Act> = new Set<Act>([...STANCE_ACTS, "challenge", "fact"]);
const CONCEDED: ReadonlySet<Act> = new Set<Act>(["challenge", "defend"]);

/** Hardly ever does somebody end a talk they took no part in. */
const NEWCOMER_CLOSES = 0.02;

/** How somebody who stands there tells a story. */
const STORY_FORM: Readonly<Record<Stance, Form>> = { pro: "glad", con: "sad", open: "story" };

/** A plan being built, exchange by exchange; keeps who stands where and who has spoken. */
export class PlanDraft {
  readonly beats: Beat[] = [];
  readonly #voices: readonly Voice[];
  readonly #stances: Stance[];
  readonly #rng: Rng;
  readonly #spoke: number[];

  constructor(voices: readonly Voice[], stances: readonly Stance[], rng: Rng) {
    this.#voices = voices;
    this.#stances = [...stances];
    this.#rng = rng;
    this.#spoke = voices.map(() => 0);
  }

  silent(): number {
    return this.#spoke.filter((count) => count === 0).length;
  }

  /** Adds the exchange's beats, or returns false and adds nothing. */
  add(exchange: Exchange): boolean {
    if (this.#voices.length < exchange.speakers) return false;
    const bound = new Map<string, number>();
    const latest = new Map<string, number>();
    if (exchange.on && !this.#bind(exchange.on, bound, latest)) return false;
    const start = this.beats.length;
    const before = { stances: [...this.#stances], spoke: [...this.#spoke] };
    for (const planned of exchange.beats) {
      if (this.#addBeat(planned, bound, latest)) continue;
      this.beats.length = start;
      before.stances.forEach((stance, slot) => (this.#stances[slot] = stance));
      before.spoke.forEach((count, slot) => (this.#spoke[slot] = count));
      return false;
    }
    return true;
  }

  #bind(on: "claim" | "dispute", bound: Map<string, number>, latest: Map<string, number>): boolean {
    if (on === "claim") {
      const at = this.beats.findLastIndex((beat) => STANCE_ACTS.has(beat.act));
      const beat = this.beats[at];
      // A view that lies further back than two messages is no longer what the talk is about.
      if (!beat || at < this.beats.length - 2) return false;
      bound.set("x", beat.slot);
      latest.set("x", at);
      return true;
    }
    const at = this.beats.findLastIndex((beat) => beat.act === "challenge");
    const challenge = this.beats[at];
    const challenged = challenge && this.beats[challenge.to];
    if (!challenge || !challenged) return false;
    const last = this.beats.length - 1;
    // A quarrel that somebody gave in to is over.
    const isOver = this.beats.some(({ act }, index) => index > at && act === "concede");
    if (isOver || last - at > 3) return false;
    const y = challenge.slot;
    const x = challenged.slot;
    bound.set("x", x).set("y", y);
    latest.set(
      "x",
      this.beats.findLastIndex((beat) => beat.slot === x),
    );
    latest.set(
      "y",
      this.beats.findLastIndex((beat) => beat.slot === y),
    );
    return true;
  }

  #addBeat(planned: ExchangeBeat, bound: Map<string, number>, latest: Map<string, number>): boolean {
    const act = typeof planned.act === "string" ? planned.act : pick(this.#rng, planned.act);
    const previous = this.beats.length - 1;
    const to = planned.to === undefined ? previous : (latest.get(planned.to) ?? previous);
    const target = this.beats[to];
    const wanted = planned.stance === "other" ? opposite(target?.stance) : planned.stance;
    if (planned.stance === "other" && !wanted) return false;
    const slot = bound.get(planned.by) ?? this.#chooseSpeaker(act, bound, target, wanted);
    if (slot === undefined || slot === this.beats[previous]?.slot) return false;
    if (act === "concede" && !(target && CONCEDED.has(target.act) && this.#stances[slot] !== "open"))
      return false;
    if (
      act === "agree" &&
      !(target && AGREED.has(target.act) && agrees(this.#stances[slot], target.stance))
    ) {
      return false;
    }
    bound.set(planned.by, slot);
    const taken = this.#stances[slot] ?? "open";
    const stance = act === "agree" && taken === "open" ? (target?.stance ?? "open") : taken;
    const form = this.#formOf(planned, act, target, stance);
    const of = planned.of && this.#chooseAsked(planned.of, bound, slot);
    this.beats.push({ slot, act, stance, to, ...(form && { form }), ...(of !== undefined && { of }) });
    latest.set(planned.by, this.beats.length - 1);
    this.#spoke[slot] = (this.#spoke[slot] ?? 0) + 1;
    // Whoever agrees has taken a side; whoever concedes has left one.
    this.#stances[slot] = act === "concede" ? "open" : stance;
    return true;
  }

  #chooseAsked(letter: string, bound: Map<string, number>, asking: number): number | undefined {
    let asked = bound.get(letter);
    if (asked === undefined) {
      asked = this.#chooseSpeaker("answer", bound, undefined, undefined, asking);
      if (asked !== undefined) bound.set(letter, asked);
    }
    return asked;
  }

  #formOf(planned: ExchangeBeat, act: Act, target: Beat | undefined, stance: Stance): Form | undefined {
    if (planned.asks) {
      // A friend of the topic does not ask leading questions against it, nor a doubter for it.
      const leading = stance === "pro" ? "doubt" : stance === "con" ? "yesno" : undefined;
      return pick<QuestionForm>(
        this.#rng,
        planned.asks.filter((form) => form !== leading),
      );
    }
    if (act === "answer") return target?.form;
    if (act !== "react") return undefined;
    if (target?.act === "joke") return "joke";
    return target?.act === "anecdote" ? STORY_FORM[target.stance] : "fact";
  }

  #chooseSpeaker(
    act: Act,
    bound: ReadonlyMap<string, number>,
    target: Beat | undefined,
    stance: Stance | "held" | undefined,
    last = this.beats.at(-1)?.slot,
  ): number | undefined {
    const taken = new Set(bound.values());
    let chosen: number | undefined;
    let total = 0;
    for (const [slot, voice] of this.#voices.entries()) {
      if (slot === last || taken.has(slot)) continue;
      const own = this.#stances[slot] ?? "open";
      if (stance && (stance === "held" ? own === "open" : own !== stance)) continue;
      if (act === "agree" && !agrees(own, target?.stance)) continue;
      const spoke = this.#spoke[slot] ?? 0;
      // Those who have said little so far come first: nobody may stay silent.
      const weight =
        (voice.acts[act] ?? 1) * (spoke > 0 ? 1 / spoke : act === "closing" ? NEWCOMER_CLOSES : 6);
      total += weight;
      if (this.#rng() * total < weight) chosen = slot;
    }
    return chosen;
  }
}

function opposite(stance: Stance | undefined): Stance | undefined {
  if (stance === "pro") return "con";
  return stance === "con" ? "pro" : undefined;
}

function agrees(own: Stance | undefined, theirs: Stance | undefined): boolean {
  return own === theirs || own === "open";
}
