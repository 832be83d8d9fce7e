import { createRng, randomInt } from "../rng.ts";
import type { Dialogue, DialogueRequest } from "./dialogue.ts";

const SYLLABLES = ["ba", "lo", "mi", "ku", "ren", "tas", "vel", "dor", "pi", "shu", "gan", "fe"];

/** A conversation that breaks none of the pool's rules, in made-up words that no other seed gives; for tests. */
export function createFitDialogue({ roles }: Pick<DialogueRequest, "roles">, seed: string): Dialogue {
  const rng = createRng(seed);
  const word = () =>
    Array.from({ length: 4 }, () => SYLLABLES[randomInt(rng, 0, SYLLABLES.length - 1)]).join("");
  const messages = Array.from({ length: Math.max(5, roles.length) }, (_, at) => ({
    slot: at % roles.length,
    text: `${Array.from({ length: 8 }, word).join(" ")}.`,
    sentiment: "neutral" as const,
  }));
  return { messages };
}
