import type { TopicKind, TopicMaterial, TopicPhrase } from "#schema/stored/topic.ts";
import { pick } from "../rng.ts";
import type { Rng } from "../rng.ts";
import type { Mode, Side } from "./acts.ts";
import type { NewsFile } from "./content-schema.ts";

/** Something that can be named, with its number. */
export interface Named {
  readonly text: string;
  readonly many: boolean;
  /** Whether a friend or a doubter of the topic brings it up; absent for the topic itself. */
  readonly tone?: "good" | "bad";
  /** The number of its aspect; absent for the topic itself. */
  readonly aspect?: number;
}

export interface WriterTopic {
  readonly text: string;
  readonly material?: TopicMaterial | undefined;
}

const MAX_HEADLINE = 160;

/** What an aspect of the topic holds, or what is left of it. */
interface Aspect {
  readonly good: readonly Named[];
  readonly bad: readonly Named[];
  readonly pro: readonly Reason[];
  readonly con: readonly Reason[];
  readonly isFresh: boolean;
}

/** Both sides of an aspect: what is named, and why. */
export const SORTS = ["good", "bad", "pro", "con"] as const;
type Sort = (typeof SORTS)[number];

/** A reason, and the number of its aspect. */
export interface Reason {
  readonly text: string;
  readonly aspect: number;
}

/** What a topic has to offer, or what is left of it. */
interface Pieces {
  readonly aspects: readonly Aspect[];
  readonly facts: readonly string[];
  readonly left: Readonly<Record<Sort, number>>;
  /** Clauses that somebody has quoted. */
  readonly quoted: readonly string[];
}

/**
 * A topic's words for one conversation. Each piece is handed out once. Whoever tries out a line takes from it as well,
 * and gives back what was taken with `restore`.
 */
export class TopicWords {
  readonly mode: Mode;
  readonly kind: TopicKind | undefined;
  readonly headline: string;
  readonly #names: readonly Named[];
  readonly #rng: Rng;
  #left: Pieces;

  constructor(topic: WriterTopic, news: NewsFile, rng: Rng) {
    const { material } = topic;
    this.#rng = rng;
    this.mode = modeOf(topic);
    this.kind = material?.kind;
    this.headline = toQuotable(topic.text);
    this.#names = material ? [material.name] : news.names.map((text) => ({ text, many: false }));
    this.#left = piecesOf(material ?? news);
  }

  /** What is left, to come back to. */
  keep(): Pieces {
    return this.#left;
  }

  restore(kept: Pieces): void {
    this.#left = kept;
  }

  /** The topic as it is called inside a sentence. */
  name(): Named {
    return pick(this.#rng, this.#names);
  }

  /** How many pieces of a sort are left. */
  left(sort: Sort | "fact"): number {
    return sort === "fact" ? this.#left.facts.length : this.#left.left[sort];
  }

  /** How many of a sort are left of one aspect. */
  leftOf(aspect: number, sort: Sort): number {
    return this.#left.aspects[aspect]?.[sort].length ?? 0;
  }

  /** An unused phrase of a tone; of the other tone when any will do and none is left, and undefined after that. */
  takePhrase(tone: "good" | "bad" | "any", near?: number): Named | undefined {
    const wanted = tone === "any" ? (this.#rng() < 0.7 ? "good" : "bad") : tone;
    const other = wanted === "good" ? "bad" : "good";
    return this.#take(wanted, near) ?? (tone === "any" ? this.#take(other, near) : undefined);
  }

  /** An unused reason. */
  takeReason(side: Side, near?: number): Reason | undefined {
    return this.#take(side, near);
  }

  /** An unused fact. */
  takeFact(): string | undefined {
    const { facts } = this.#left;
    if (facts.length === 0) return undefined;
    const at = Math.floor(this.#rng() * facts.length);
    this.#left = { ...this.#left, facts: facts.toSpliced(at, 1) };
    return facts[at];
  }

  /** Whether a clause can be quoted: once is a reply, twice an echo. */
  canQuote(clause: string | undefined): clause is string {
    return clause !== undefined && !this.#left.quoted.includes(clause);
  }

  noteQuoted(clause: string): void {
    this.#left = { ...this.#left, quoted: [...this.#left.quoted, clause] };
  }

  /** One of the aspect that is talked about while it has any left, else of one that was not talked about yet. */
  #take<S extends Sort>(sort: S, near: number | undefined): Aspect[S][number] | undefined {
    const { aspects, left } = this.#left;
    const index = near !== undefined && aspects[near]?.[sort].length ? near : this.#another(sort);
    const aspect = index === undefined ? undefined : aspects[index];
    if (index === undefined || !aspect) return undefined;
    const pieces: readonly Aspect[S][number][] = aspect[sort];
    const at = Math.floor(this.#rng() * pieces.length);
    const piece = pieces[at];
    if (piece === undefined) return undefined;
    const rest = { ...aspect, [sort]: pieces.toSpliced(at, 1), isFresh: false };
    // Nothing is changed in place: it may be kept.
    this.#left = {
      ...this.#left,
      aspects: aspects.with(index, rest),
      left: { ...left, [sort]: left[sort] - 1 },
    };
    return piece;
  }

  #another(sort: Sort): number | undefined {
    const { aspects } = this.#left;
    const having = [...aspects.keys()].filter((index) => aspects[index]?.[sort].length);
    const fresh = having.filter((index) => aspects[index]?.isFresh);
    const choices = fresh.length > 0 ? fresh : having;
    return choices.length > 0 ? pick(this.#rng, choices) : undefined;
  }
}

const piecesKnown = new WeakMap<object, Pieces>();

/** All the pieces of a topic, or of headlines, which have no facts. */
function piecesOf(material: TopicMaterial | NewsFile): Pieces {
  let pieces = piecesKnown.get(material);
  if (!pieces) piecesKnown.set(material, (pieces = toPieces(material)));
  return pieces;
}

function toPieces(material: TopicMaterial | NewsFile): Pieces {
  const aspects = material.aspects.map(({ good, bad, pro, con }, aspect) => ({
    good: good.map((phrase) => toNamed(phrase, "good", aspect)),
    bad: bad.map((phrase) => toNamed(phrase, "bad", aspect)),
    pro: pro.map((text) => ({ text, aspect })),
    con: con.map((text) => ({ text, aspect })),
    isFresh: true,
  }));
  const count = (sort: Sort) => aspects.reduce((sum, aspect) => sum + aspect[sort].length, 0);
  const left = { good: count("good"), bad: count("bad"), pro: count("pro"), con: count("con") };
  return { aspects, facts: "facts" in material ? material.facts : [], left, quoted: [] };
}

function toNamed(phrase: string | TopicPhrase, tone: "good" | "bad", aspect: number): Named {
  const written = typeof phrase === "string" ? { text: phrase, many: false } : phrase;
  return { ...written, tone, aspect };
}

/** How freely a topic may be talked about. */
export function modeOf(topic: WriterTopic): Mode {
  if (!topic.material) return "news";
  return topic.material.sober ? "sober" : "light";
}

/** A headline as it may stand between quotation marks: one line, no braces, no end stop, not too long. */
function toQuotable(text: string): string {
  const line = text
    .replaceAll(/[{}[\]]/g, "")
    // Quotation marks within a quotation.
    .replaceAll(/[“"](?=[^“”"]*[”"])/g, "‘")
    .replaceAll(/[”"“]/g, "’")
    .replaceAll(/\s+/g, " ")
    .trim()
    .replace(/[.\s]+$/, "");
  if (line.length <= MAX_HEADLINE) return line;
  return `${line.slice(0, line.lastIndexOf(" ", MAX_HEADLINE) > 40 ? line.lastIndexOf(" ", MAX_HEADLINE) : MAX_HEADLINE)}…`;
}
