import type { ArchetypeId, Difficulty } from "#schema/vocabulary.ts";
import { pick, randomInt } from "../rng.ts";
import type { Rng } from "../rng.ts";
import { STANCE_ACTS } from "./acts.ts";
import type { Act, Form, Mode, QuestionForm, Stance } from "./acts.ts";
import type { Exchange, ExchangeBeat, Skeleton } from "./content-schema.ts";
import { assignStances } from "./stances.ts";
import type { Voice, WriterContent } from "./read-content.ts";

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

export interface ConversationPlan {
  readonly skeleton: string;
  readonly beats: readonly Beat[];
}

export interface PlanInput {
  readonly roles: readonly { readonly slot: number; readonly archetype: ArchetypeId }[];
  readonly difficulty: Difficulty;
  readonly mode: Mode;
}

/** Fewest and most messages by difficulty. */
export const MESSAGE_RANGE: Readonly<Record<Difficulty, readonly [number, number]>> = {
  simple: [5, 7],
  medium: [6, 9],
  complex: [8, 12],
};

const ATTEMPTS = 24;

/** What one can agree with, and what one can give in to. */
const AGREED: ReadonlySet<Act> = new Set<Act>([...STANCE_ACTS, "challenge", "fact"]);
const CONCEDED: ReadonlySet<Act> = new Set<Act>(["challenge", "defend"]);

/** A plan being built, exchange by exchange; keeps who stands where and who has spoken. */
class Draft {
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
    if (last - at > 3) return false;
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
    const form = this.#formOf(planned, act, target);
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

  #formOf(planned: ExchangeBeat, act: Act, target: Beat | undefined): Form | undefined {
    if (planned.asks) return pick<QuestionForm>(this.#rng, planned.asks);
    if (act === "answer") return target?.form;
    if (act !== "react") return undefined;
    if (target?.act === "joke") return "joke";
    return target?.act === "anecdote" ? "story" : "fact";
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
      const weight = (voice.acts[act] ?? 1) * (spoke === 0 ? 6 : 1 / spoke);
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
  return own === theirs || own === "open" || theirs === "open" || theirs === undefined;
}

/**
 * Plans who does what in answer to whom, so that every slot speaks, nobody speaks twice in a row, and what
 * is started is settled: questions answered, challenges defended or conceded, jokes reacted to, the end said.
 */
export function planConversation(content: WriterContent, input: PlanInput, rng: Rng): ConversationPlan {
  const voices = input.roles.map((role) => voiceOf(content, role.archetype));
  const count = voices.length;
  const fitting = content.skeletons.filter(
    ({ speakers, difficulties, modes }) =>
      speakers[0] <= count &&
      count <= speakers[1] &&
      difficulties.includes(input.difficulty) &&
      modes.includes(input.mode),
  );
  const [low, high] = MESSAGE_RANGE[input.difficulty];
  let best: ConversationPlan | undefined;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const skeleton = pick(rng, fitting);
    const target = Math.max(randomInt(rng, low, high), count + 2);
    const draft = new Draft(voices, assignStances(voices, skeleton.stances, rng), rng);
    if (!fillDraft(draft, content, skeleton, input.mode, target, rng)) continue;
    if (draft.silent() > 0 || draft.beats.length > 12) continue;
    const plan = { skeleton: skeleton.id, beats: draft.beats };
    if (draft.beats.length >= low && draft.beats.length <= high) return plan;
    if (draft.beats.length >= 5) best ??= plan;
  }
  if (best) return best;
  throw new Error(`no skeleton fits ${count} speakers at ${input.difficulty} in mode ${input.mode}`);
}

function fillDraft(
  draft: Draft,
  content: WriterContent,
  skeleton: Skeleton,
  mode: Mode,
  target: number,
  rng: Rng,
): boolean {
  const rows = skeleton.exchanges.map((entry) => {
    const optional = entry.endsWith("?");
    const exchange = content.exchanges.get(optional ? entry.slice(0, -1) : entry);
    if (!exchange) throw new Error(`skeleton ${skeleton.id} names an unknown exchange: ${entry}`);
    return { exchange, optional, size: exchange.beats.length };
  });
  // Room for what must still come decides, row by row, whether an optional exchange fits.
  let required = rows.reduce((sum, row) => sum + (row.optional ? 0 : row.size), 0);
  let room = rows.reduce((sum, row) => sum + (row.optional ? row.size : 0), 0);
  for (const { exchange, optional, size } of rows) {
    const fits = exchange.modes.includes(mode);
    if (!optional) {
      required -= size;
      if (!fits || !draft.add(exchange)) return false;
      continue;
    }
    const missing = target - draft.beats.length - required;
    const chance = missing / Math.max(1, room * 0.8);
    room -= size;
    if (fits && size <= missing && rng() < chance) draft.add(exchange);
  }
  return true;
}

/** The voice of an archetype. @throws Error when the content has none. */
export function voiceOf(content: WriterContent, archetype: ArchetypeId): Voice {
  const voice = content.voices.get(archetype);
  if (!voice) throw new Error(`the writer has no voice for ${archetype}`);
  return voice;
}
