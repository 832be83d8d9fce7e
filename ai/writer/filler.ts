import { pick } from "../rng.ts";
import type { Rng } from "../rng.ts";
import { NOUN_SLOTS } from "./frame.ts";
import type { Token } from "./frame.ts";
import type { Said } from "./pick-frame.ts";
import { PLAYFUL_FILLERS } from "./playful-fillers.ts";
import type { Beat } from "./plan-draft.ts";
import type { Voice, WriterContent } from "./read-content.ts";
import type { Named, TopicWords } from "./topic-words.ts";

/** What is decided of a line before it is tried. */
export interface LineWish {
  readonly isShort: boolean;
  /** Whether it should point back to the message it answers in so many words. */
  readonly pointsBack: boolean;
  /** Whether it may call another speaker by name. */
  readonly mayName: boolean;
}

/** All that the slots of one message can draw on. */
export interface FillOrder {
  readonly content: WriterContent;
  readonly words: TopicWords;
  readonly voice: Voice;
  readonly beat: Beat;
  /** The message it answers. */
  readonly target: Said | undefined;
  readonly wish: LineWish;
}

/** Fills the tokens of one message and remembers what it named. */
export class Filler {
  readonly phrases: Named[] = [];
  clause: string | undefined;
  /** How many things were brought in that the topic knows nothing of. */
  asides = 0;
  readonly #order: FillOrder;
  readonly #rng: Rng;
  #many = false;
  #hasAddressed = false;
  #isPointing = false;
  #ready: string | undefined;

  constructor(order: FillOrder, rng: Rng) {
    this.#order = order;
    this.#rng = rng;
  }

  fill(tokens: readonly Token[]): string {
    let text = "";
    for (const [at, token] of tokens.entries()) {
      if (token.type === "text") text += token.value;
      else if (token.type === "number") {
        if (token.ahead) this.#lookAhead(tokens.slice(at + 1));
        text += this.#many ? token.many : token.one;
      } else if (token.type === "choice") text += this.fill(pick(this.#rng, token.options));
      else if (token.type === "address") text += this.#address(token.comma);
      else text += this.#slot(token.name);
    }
    return text;
  }

  /** Fills what points back to the message answered, so that a name in it is its author's. */
  pointBack(tokens: readonly Token[]): string {
    this.#isPointing = true;
    const text = this.fill(tokens);
    this.#isPointing = false;
    return text;
  }

  /** Whom a name is for: whoever is asked, or wrote the message answered. */
  #partner(): number | undefined {
    const { beat, target } = this.#order;
    return this.#isPointing ? target?.slot : (beat.of ?? target?.slot);
  }

  /** Says whom it speaks to, once a line at most. */
  #address(comma: "before" | "behind"): string {
    const slot = this.#partner();
    if (!this.#order.wish.mayName || this.#hasAddressed || slot === undefined) return "";
    this.#hasAddressed = true;
    return comma === "before" ? `, {slot:${slot}}` : `{slot:${slot}}, `;
  }

  /** Chooses what the next noun slot will hold, so that a verb before it can agree. */
  #lookAhead(rest: readonly Token[]): void {
    const next = rest.find((token) => token.type === "slot" && NOUN_SLOTS.has(token.name));
    if (next?.type !== "slot") return;
    this.#ready = undefined;
    this.#ready = this.#slot(next.name);
  }

  #slot(name: string): string {
    if (this.#ready !== undefined && NOUN_SLOTS.has(name)) {
      const ready = this.#ready;
      this.#ready = undefined;
      return ready;
    }
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
        return this.#named(this.#echo(() => true));
      case "echo+":
        return this.#named(this.#echo(({ tone }) => tone === "good"));
      case "echo-":
        return this.#named(this.#echo(({ tone }) => tone === "bad"));
      case "fact":
      case "pro":
      case "con":
        return this.#said(words.takeClause(name));
      case "reason":
        return this.#said(words.takeClause(words.reasonOf(beat.stance)));
      case "their":
        return target?.clause ?? "that";
      case "name":
        return `{slot:${this.#partner() ?? beat.slot}}`;
      case "other":
        return `{slot:${target?.answered ?? beat.slot}}`;
      case "think":
        return this.fill(pick(this.#rng, voice.think[words.mode === "light" ? "any" : "calm"]));
      default: {
        const filler = content.fillers.get(name);
        if (PLAYFUL_FILLERS.has(name)) this.asides++;
        if (!filler) throw new Error(`no filler list is called ${name}`);
        return this.fill(pick(this.#rng, filler));
      }
    }
  }

  /** Something the message answered has named, or else the topic. */
  #echo(fits: (named: Named) => boolean): Named {
    const { target, words } = this.#order;
    const fitting = target?.phrases.filter(fits) ?? [];
    return fitting.length > 0 ? pick(this.#rng, fitting) : words.name();
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
    if (clause === undefined) throw new Error("a frame was chosen that the topic cannot fill");
    this.clause = clause;
    return clause;
  }
}
