import { createRng, pick } from "../../rng.ts";
import { NOUN_SLOTS } from "../frame.ts";
import type { Token } from "../frame.ts";
import type { WriterContent } from "../read-content.ts";
import { sayOnce } from "./say-once.ts";

/** Enough to meet every option of most choices. */
const SAMPLES = 12;

const CLAUSE = "joy matters more than pitch";
const STAND_INS: Readonly<Record<string, string>> = {
  headline: "Town opens bridge",
  fact: CLAUSE,
  pro: CLAUSE,
  con: CLAUSE,
  reason: CLAUSE,
  their: CLAUSE,
  name: "Pip",
  other: "Moss",
  think: "I say",
};

export interface OftenOrder {
  readonly source: string;
  readonly tokens: readonly Token[];
  /** Whether noun slots may hold a plural; those of headlines do not. */
  readonly plurals: boolean;
}

/** Some ways a pattern can come out, the same every time: noun slots hold "the red kite" or "red kites". */
export function sayOften({ source, tokens, plurals }: OftenOrder, content: WriterContent): string[] {
  const rng = createRng(source);
  return Array.from({ length: SAMPLES }, (_, sample) => {
    const many = plurals && sample % 2 === 1;
    const fill = (slot: string) => {
      if (NOUN_SLOTS.has(slot)) return many ? "red kites" : "the red kite";
      const list = content.fillers.get(slot);
      return STAND_INS[slot] ?? (list ? pick(rng, list) : "");
    };
    return sayOnce(tokens, { rng, fill, many });
  });
}
