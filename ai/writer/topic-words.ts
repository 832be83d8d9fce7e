import type { TopicKind, TopicMaterial } from "#schema/stored/topic.ts";
import { pick } from "../rng.ts";
import type { Rng } from "../rng.ts";
import type { Mode, Stance } from "./acts.ts";
import type { NewsFile } from "./content-schema.ts";

/** Something that can be named, with its number. */
export interface Named {
  readonly text: string;
  readonly many: boolean;
  /** Whether a friend or a doubter of the topic brings it up; absent for the topic itself. */
  readonly tone?: "good" | "bad";
}

export interface WriterTopic {
  readonly text: string;
  readonly material?: TopicMaterial | undefined;
}

const MAX_HEADLINE = 160;

type Sort = "good" | "bad" | "fact" | "pro" | "con";

/** What a topic has to offer, or what is left of it. */
interface Pieces {
  good: readonly Named[];
  bad: readonly Named[];
  fact: readonly string[];
  pro: readonly string[];
  con: readonly string[];
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
    this.#left = material ? toPieces(material) : toNewsPieces(news);
  }

  /** What is left, to come back to. */
  keep(): Readonly<Pieces> {
    return { ...this.#left };
  }

  restore(kept: Readonly<Pieces>): void {
    this.#left = { ...kept };
  }

  /** The topic as it is called inside a sentence. */
  name(): Named {
    return pick(this.#rng, this.#names);
  }

  /** How many pieces of a sort are left. */
  left(sort: Sort): number {
    return this.#left[sort].length;
  }

  /** An unused phrase of a tone; of the other tone when any will do and none is left, and undefined after that. */
  takePhrase(tone: "good" | "bad" | "any"): Named | undefined {
    const wanted = tone === "any" ? (this.#rng() < 0.7 ? "good" : "bad") : tone;
    const other = wanted === "good" ? "bad" : "good";
    return this.#take(wanted) ?? (tone === "any" ? this.#take(other) : undefined);
  }

  /** An unused fact or reason. */
  takeClause(sort: "fact" | "pro" | "con"): string | undefined {
    return this.#take(sort);
  }

  /** The sort of reason a speaker of this stance gives. */
  reasonOf(stance: Stance): "pro" | "con" {
    if (stance !== "open") return stance;
    return this.#rng() < 0.5 ? "pro" : "con";
  }

  #take<S extends Sort>(sort: S): Pieces[S][number] | undefined {
    const pieces: readonly Pieces[S][number][] = this.#left[sort];
    if (pieces.length === 0) return undefined;
    const at = Math.floor(this.#rng() * pieces.length);
    // A list is never changed in place: it may be kept.
    this.#left = { ...this.#left, [sort]: pieces.toSpliced(at, 1) };
    return pieces[at];
  }
}

function toPieces({ phrases, facts, pro, con }: TopicMaterial): Pieces {
  const ofTone = (tone: Named["tone"]) => phrases.filter((phrase) => phrase.tone === tone);
  return { good: ofTone("good"), bad: ofTone("bad"), fact: facts, pro, con };
}

/** A headline has no facts. */
function toNewsPieces({ good, bad, pro, con }: NewsFile): Pieces {
  const toNamed = (tone: "good" | "bad") => (text: string) => ({ text, many: false, tone });
  return { good: good.map(toNamed("good")), bad: bad.map(toNamed("bad")), fact: [], pro, con };
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
