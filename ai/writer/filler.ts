import { pick } from "../rng.ts";
import type { Rng } from "../rng.ts";
import type { Side, Stance } from "./acts.ts";
import { NOUN_SLOTS } from "./frame.ts";
import type { Token } from "./frame.ts";
import type { Said } from "./pick-frame.ts";
import type { Beat } from "./plan-draft.ts";
import type { Voice, WriterContent } from "./read-content.ts";
import { staysOn } from "./stays-on.ts";
import type { Named, TopicWords } from "./topic-words.ts";

/** What is decided of a line before it is tried. */
export interface LineWish {
  readonly isShort: boolean;
  /** Whether it should point back to the message it answers in so many words. */
  readonly pointsBack: boolean;
  /** Whether it should give no reason yet, since it will be asked for one. */
  readonly keepsReason: boolean;
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
  /** Which aspect of the topic it is about, and which side of that it showed last, once that is settled. */
  aspect: number | undefined;
  side: Side | undefined;
  readonly #order: FillOrder;
  readonly #rng: Rng;
  readonly #pointsBack: boolean;
  #many = false;
  #hasAddressed = false;
  #isPointing = false;
  #ready: string | undefined;

  /** `pointsBack` tells whether the frame names what was said anyway. */
  constructor(order: FillOrder, rng: Rng, pointsBack = false) {
    this.#order = order;
    this.#rng = rng;
    this.#pointsBack = pointsBack;
    const { target, words } = order;
    // "I love it" or "them": whoever is asked speaks of what the question named last, or of the topic.
    this.#many = (target?.phrases.at(-1) ?? words.name()).many;
    if (!staysOn(order.beat, target)) return;
    this.aspect = this.#subject();
    this.side = target?.side;
  }

  /** What the message answered is about; of two things to choose from, one. */
  #subject(): number | undefined {
    const { beat, target } = this.#order;
    if (beat.form !== "pick" || !target || target.phrases.length === 0) return target?.aspect;
    return pick(this.#rng, target.phrases).aspect;
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
        return this.#phrase(this.#asked(name) ?? words.takePhrase(name, this.#near()));
      case "phrase":
        return this.#phrase(words.takePhrase("any", this.#near()));
      case "echo":
        return this.#named(this.#echo(() => true));
      case "echo+":
        return this.#named(this.#echo(({ tone }) => tone === "good"));
      case "echo-":
        return this.#named(this.#echo(({ tone }) => tone === "bad"));
      case "fact":
        return this.#said(words.takeFact());
      case "pro":
      case "con":
        return this.#reason(name);
      case "reason":
        return this.#reason(this.#ownSide(beat.stance));
      case "their":
        return this.#quote();
      case "name":
        return `{slot:${this.#partner() ?? beat.slot}}`;
      case "other":
        return `{slot:${target?.answered ?? beat.slot}}`;
      case "think":
        return this.fill(pick(this.#rng, voice.think[words.mode === "light" ? "any" : "calm"]));
      default: {
        const filler = content.fillers.get(name);
        if (!filler) throw new Error(`no filler list is called ${name}`);
        return this.fill(pick(this.#rng, filler));
      }
    }
  }

  /** Something the message answered has named, or else the topic. */
  #echo(fits: (named: Named) => boolean): Named {
    const { target, words } = this.#order;
    const possible = target?.phrases.filter(fits) ?? [];
    const ofAspect = possible.filter(({ aspect }) => aspect === this.aspect);
    const fitting = ofAspect.length > 0 ? ofAspect : possible;
    return fitting.length > 0 ? pick(this.#rng, fitting) : words.name();
  }

  #quote(): string {
    const clause = this.#order.target?.clause;
    if (clause === undefined) throw new Error("a frame quotes a message that claimed nothing");
    this.#order.words.noteQuoted(clause);
    return clause;
  }

  #named(named: Named): string {
    this.#many = named.many;
    return named.text;
  }

  /** Whoever is asked about a thing speaks of that thing, not of another like it. */
  #asked(tone: "good" | "bad"): Named | undefined {
    const { beat, target } = this.#order;
    if (beat.act !== "answer" || beat.form === "pick" || beat.form === "why" || this.#pointsBack)
      return undefined;
    return target?.phrases.find((phrase) => phrase.tone === tone && !this.phrases.includes(phrase));
  }

  /** Where to look for the next piece; what one is to choose between differs in kind. */
  #near(): number | undefined {
    const { act, form } = this.#order.beat;
    return form === "pick" && act !== "answer" ? undefined : this.aspect;
  }

  #phrase(taken: Named | undefined): string {
    const phrase = taken ?? this.#order.words.name();
    this.aspect = phrase.aspect ?? this.aspect;
    if (phrase.tone) this.side = phrase.tone === "good" ? "pro" : "con";
    this.phrases.push(phrase);
    return this.#named(phrase);
  }

  /** Whoever has no stance goes on about the side they spoke of. */
  #ownSide(stance: Stance): Side {
    if (stance !== "open") return stance;
    return this.side ?? (this.#rng() < 0.5 ? "pro" : "con");
  }

  #reason(side: Side): string {
    this.side = side;
    const reason = this.#order.words.takeReason(side, this.aspect);
    this.aspect = reason?.aspect ?? this.aspect;
    return this.#said(reason?.text);
  }

  #said(clause: string | undefined): string {
    if (clause === undefined) throw new Error("a frame was chosen that the topic cannot fill");
    this.clause = clause;
    return clause;
  }
}
