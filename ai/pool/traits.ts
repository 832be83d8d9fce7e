import { hash } from "node:crypto";
import { toTokens, traitLexicon } from "./trait-lexicon.ts";

/** Why a trait was found: the words that say so, and where they stood. */
export interface TraitEvidence {
  readonly trait: string;
  readonly words: readonly string[];
  readonly source: "personality" | "backstory";
}

export interface ExtractedTraits {
  /** Strongest first, at most ten; `["neutral"]` when nothing fitted. */
  readonly traits: readonly string[];
  readonly evidence: readonly TraitEvidence[];
}

/** More traits than this would fit a chatling to everything, and so to nothing. */
const MAX_TRAITS = 10;
/** A backstory tells what happened more than what someone is like, so few of its traits are taken. */
const MAX_BACKSTORY_TRAITS = 3;
const NEGATION_REACH = 3;
const CLAUSE_BREAK =
  /[.,;:!?()\n…—–]+|\s-\s|\b(?:but|yet|however|although|though|except|instead|until|because|while|and then)\b/giu;
const ROUNDABOUT_NOT = /\b(?:anything but|far from|by no means)\b/giu;

interface Reading {
  /** Trait → the words that gave it. */
  readonly found: Map<string, string[]>;
  /** Traits said to be absent. */
  readonly denied: Set<string>;
}

function isNegated(tokens: readonly string[], at: number): boolean {
  for (let i = Math.max(0, at - NEGATION_REACH); i < at; i++) {
    if (!traitLexicon.negations.has(tokens[i] ?? "")) continue;
    const cancelled = tokens.slice(i + 1, at).some((token) => traitLexicon.affirming.has(token));
    if (!cancelled) return true;
  }
  return false;
}

/** The traits worded at a position and how many tokens the longest of their wordings takes. */
function matchAt(tokens: readonly string[], at: number): { traits: string[]; length: number } {
  let length = 0;
  let traits: string[] = [];
  for (const { trait, words } of traitLexicon.wordingsFor(tokens[at] ?? "")) {
    if (words.length < length) continue;
    const fits = words.every(({ text, stem }, offset) => {
      const token = tokens[at + offset];
      return offset === 0 || (token !== undefined && (stem ? token.startsWith(text) : token === text));
    });
    if (!fits) continue;
    if (words.length > length) traits = [];
    length = words.length;
    if (!traits.includes(trait)) traits.push(trait);
  }
  return { traits, length };
}

function readTraits(text: string): Reading {
  const found = new Map<string, string[]>();
  const denied = new Set<string>();
  for (const clause of text.replace(ROUNDABOUT_NOT, "not").split(CLAUSE_BREAK)) {
    const tokens = toTokens(clause);
    for (let at = 0; at < tokens.length;) {
      const { traits, length } = matchAt(tokens, at);
      const negated = traits.length > 0 && isNegated(tokens, at);
      const words = tokens.slice(at, at + length).join(" ");
      for (const trait of traits) {
        if (negated) denied.add(trait);
        else found.set(trait, [...(found.get(trait) ?? []), words]);
      }
      at += Math.max(1, length);
    }
  }
  return { found, denied };
}

function contradicts(trait: string, reading: Reading): boolean {
  if (reading.denied.has(trait)) return true;
  for (const opposite of traitLexicon.opposites.get(trait) ?? [])
    if (reading.found.has(opposite)) return true;
  return false;
}

function extract(personality: string, backstory: string): ExtractedTraits {
  const character = readTraits(personality);
  const history = readTraits(backstory);
  const evidence: TraitEvidence[] = [...character.found]
    .filter(([trait]) => !character.denied.has(trait))
    .map(([trait, words]) => ({ trait, words: [...new Set(words)], source: "personality" }));
  // A word that stands for several traits says less about each than a word of its own does.
  evidence.sort((a, b) => b.words.length - a.words.length);
  const known = new Set(evidence.map(({ trait }) => trait));
  const added = [...history.found]
    .filter(([trait]) => !known.has(trait) && !history.denied.has(trait) && !contradicts(trait, character))
    .map(([trait, words]): TraitEvidence => ({ trait, words: [...new Set(words)], source: "backstory" }))
    .toSorted((a, b) => b.words.length - a.words.length)
    .slice(0, MAX_BACKSTORY_TRAITS);
  const kept = [...evidence, ...added].slice(0, MAX_TRAITS);
  return { traits: kept.length > 0 ? kept.map(({ trait }) => trait) : ["neutral"], evidence: kept };
}

const REMEMBERED = 20_000;
/** By digest, so that nobody's words are kept; starters share theirs, and a list is one object per text. */
const remembered = new Map<string, ExtractedTraits>();

/**
 * Derives personality traits from what a person wrote about a chatling, and tells which words gave each.
 * Personality weighs over backstory: a backstory adds at most three traits, and none that the personality
 * contradicts or denies. Words are matched whole, with their regular forms; "not shy" is not shy.
 */
export function extractTraits(personality: string, backstory: string): ExtractedTraits {
  const key = hash("sha1", `${personality.length}:${personality}${backstory}`, "base64");
  let extracted = remembered.get(key);
  if (extracted === undefined) {
    extracted = extract(personality, backstory);
    if (remembered.size >= REMEMBERED) {
      for (const oldest of remembered.keys()) {
        remembered.delete(oldest);
        break;
      }
    }
    remembered.set(key, extracted);
  }
  return extracted;
}
