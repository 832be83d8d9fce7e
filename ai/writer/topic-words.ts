import type { TopicKind, TopicMaterial } from "#schema/stored/topic.ts";
import { pick, shuffle } from "../rng.ts";
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

/** A topic's words for one conversation; each piece is handed out once. */
export class TopicWords {
  readonly mode: Mode;
  readonly kind: TopicKind | undefined;
  readonly headline: string;
  readonly #names: readonly Named[];
  readonly #rng: Rng;
  readonly #good: Named[];
  readonly #bad: Named[];
  readonly #clauses: Readonly<Record<"fact" | "pro" | "con", string[]>>;

  constructor(topic: WriterTopic, news: NewsFile, rng: Rng) {
    this.#rng = rng;
    const { material } = topic;
    this.mode = modeOf(topic);
    this.kind = material?.kind;
    this.headline = toQuotable(topic.text);
    if (material) {
      this.#names = [material.name];
      this.#good = shuffle(
        rng,
        material.phrases.filter(({ tone }) => tone === "good"),
      );
      this.#bad = shuffle(
        rng,
        material.phrases.filter(({ tone }) => tone === "bad"),
      );
      this.#clauses = {
        fact: shuffle(rng, material.facts),
        pro: shuffle(rng, material.pro),
        con: shuffle(rng, material.con),
      };
    } else {
      this.#names = news.names.map((text) => ({ text, many: false }));
      this.#good = shuffle(
        rng,
        news.good.map((text): Named => ({ text, many: false, tone: "good" })),
      );
      this.#bad = shuffle(
        rng,
        news.bad.map((text): Named => ({ text, many: false, tone: "bad" })),
      );
      this.#clauses = { fact: [], pro: shuffle(rng, news.pro), con: shuffle(rng, news.con) };
    }
  }

  /** The topic as it is called inside a sentence. */
  name(): Named {
    return pick(this.#rng, this.#names);
  }

  /** How many pieces of a sort are left. */
  left(sort: "good" | "bad" | "fact" | "pro" | "con"): number {
    if (sort === "good") return this.#good.length;
    if (sort === "bad") return this.#bad.length;
    return this.#clauses[sort].length;
  }

  /** The next unused phrase of a tone; of the other tone when none is left, and undefined after that. */
  takePhrase(tone: "good" | "bad" | "any"): Named | undefined {
    const wanted = tone === "any" ? (this.#rng() < 0.7 ? "good" : "bad") : tone;
    const [first, second] = wanted === "good" ? [this.#good, this.#bad] : [this.#bad, this.#good];
    return first.pop() ?? (tone === "any" ? second.pop() : undefined);
  }

  /** The next unused fact or reason. */
  takeClause(sort: "fact" | "pro" | "con"): string | undefined {
    return this.#clauses[sort].pop();
  }

  /** The sort of reason a speaker of this stance gives. */
  reasonOf(stance: Stance): "pro" | "con" {
    if (stance !== "open") return stance;
    return this.#rng() < 0.5 ? "pro" : "con";
  }
}

/** How freely a topic may be talked about. */
export function modeOf(topic: WriterTopic): Mode {
  if (!topic.material) return "news";
  return topic.material.sober ? "sober" : "light";
}

/** A headline as it may stand between quotation marks: one line, no braces, no end stop, not too long. */
function toQuotable(text: string): string {
  const line = text
    .replaceAll(/[{}[\]“”"]/g, "")
    .replaceAll(/\s+/g, " ")
    .trim()
    .replace(/[.\s]+$/, "");
  if (line.length <= MAX_HEADLINE) return line;
  return `${line.slice(0, line.lastIndexOf(" ", MAX_HEADLINE) > 40 ? line.lastIndexOf(" ", MAX_HEADLINE) : MAX_HEADLINE)}…`;
}
