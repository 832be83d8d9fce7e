import * as z from "zod/mini";
import { InvalidContentError, parseContent, readContentText } from "./read-content.ts";

/** One way a trait is worded: the words of a phrase in order, each a stem when starred. */
interface Wording {
  readonly trait: string;
  readonly words: readonly { readonly text: string; readonly stem: boolean }[];
}

/** What is known about personality traits: how people word them, and which lie near or against each other. */
export interface TraitLexicon {
  readonly traits: ReadonlySet<string>;
  readonly kin: ReadonlyMap<string, ReadonlySet<string>>;
  readonly opposites: ReadonlyMap<string, ReadonlySet<string>>;
  readonly negations: ReadonlySet<string>;
  readonly affirming: ReadonlySet<string>;
  /** Wordings whose first word may be `token`. */
  wordingsFor(token: string): readonly Wording[];
}

/** Wordings between commas. */
const Wordings = z.pipe(
  z.string(),
  z.transform((text: string) => text.split(",").map((wording) => wording.trim())),
);

const File = z.strictObject({
  negations: Wordings,
  affirming: Wordings,
  traits: z.record(
    z.string(),
    z.strictObject({
      words: Wordings,
      kin: z.array(z.string()),
      opposites: z.array(z.string()),
    }),
  ),
});

/** The words of a text without case, accents, apostrophes and hyphens. */
export function toTokens(text: string): string[] {
  const plain = text
    .normalize("NFKD")
    .replace(/[\u0300-\u036f'’]/gu, "")
    .toLowerCase();
  return plain.match(/\p{L}+/gu) ?? [];
}

/** A word together with its regular inflections; harmless non-words among them match nothing. */
function inflect(word: string): string[] {
  const endings = ["", "s", "es", "ed", "ing", "ly", "ness", "er", "est"];
  const forms = endings.map((ending) => word + ending);
  if (word.endsWith("e")) {
    for (const ending of ["d", "r", "st"]) forms.push(word + ending);
    for (const ending of ["ing", "y"]) forms.push(word.slice(0, -1) + ending);
  }
  if (word.endsWith("y")) {
    for (const ending of ["ly", "ness", "er", "est", "es", "ed"])
      forms.push(`${word.slice(0, -1)}i${ending}`);
  }
  if (word.endsWith("ic")) forms.push(`${word}ally`);
  if (/[^aeiou][aeiou][bdgmnprt]$/.test(word)) {
    for (const ending of ["ing", "ed", "er", "est"]) forms.push(word + word.slice(-1) + ending);
  }
  return forms;
}

function symmetric(file: string, lists: ReadonlyMap<string, readonly string[]>): Map<string, Set<string>> {
  const linked = new Map<string, Set<string>>([...lists.keys()].map((trait) => [trait, new Set()]));
  const faults: string[] = [];
  for (const [trait, others] of lists) {
    for (const other of others) {
      const back = linked.get(other);
      if (back === undefined) faults.push(`traits.${trait} names the unknown trait ${JSON.stringify(other)}`);
      back?.add(trait);
      linked.get(trait)?.add(other);
    }
  }
  if (faults.length > 0) throw new InvalidContentError(file, faults);
  return linked;
}

/** Reads a trait file. @throws InvalidContentError naming what a writer has to mend. */
export function parseTraitLexicon(file: string, text: string): TraitLexicon {
  const content = parseContent(file, text, File);
  const entries = Object.entries(content.traits);
  const kin = symmetric(file, new Map(entries.map(([trait, entry]) => [trait, entry.kin])));
  const opposites = symmetric(file, new Map(entries.map(([trait, entry]) => [trait, entry.opposites])));

  const exact = new Map<string, Wording[]>();
  const stems = new Map<string, Wording[]>();
  for (const [trait, { words }] of entries) {
    for (const entry of words) {
      const parts = entry
        .trim()
        .split(/[\s-]+/)
        .map((part) => ({
          text: toTokens(part)[0] ?? "",
          stem: part.endsWith("*"),
        }));
      const first = parts[0];
      if (first === undefined || parts.some((part) => part.text === "")) {
        throw new InvalidContentError(file, [
          `traits.${trait} has the unreadable wording ${JSON.stringify(entry)}`,
        ]);
      }
      const wording = { trait, words: parts };
      const index = first.stem ? stems : exact;
      const forms = first.stem || parts.length > 1 ? [first.text] : inflect(first.text);
      for (const form of new Set(forms)) index.set(form, [...(index.get(form) ?? []), wording]);
    }
  }

  return {
    traits: new Set(entries.map(([trait]) => trait)),
    kin,
    opposites,
    negations: new Set(content.negations),
    affirming: new Set(content.affirming),
    wordingsFor(token) {
      let found: readonly Wording[] = exact.get(token) ?? [];
      for (let length = 2; length <= token.length; length++) {
        const stemmed = stems.get(token.slice(0, length));
        if (stemmed) found = [...found, ...stemmed];
      }
      return found;
    },
  };
}

const url = new URL("./content/traits.yaml", import.meta.url);

/** The shipped lexicon, checked once at import. */
export const traitLexicon: TraitLexicon = parseTraitLexicon(
  "ai/pool/content/traits.yaml",
  readContentText(url),
);
