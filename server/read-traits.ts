import type { Chatling } from "#schema/api.ts";
import type { StoredChatling } from "#schema/stored/chatling.ts";
import { extractTraits } from "#ai/pool/traits.ts";

/** A chatling's traits and the words that gave them, as the wire has them. */
export function readTraits({
  personality,
  backstory,
}: Pick<StoredChatling, "personality" | "backstory">): Pick<Chatling, "traits" | "traitOrigins"> {
  const { traits, evidence } = extractTraits(personality, backstory);
  const traitOrigins = evidence.map(({ trait, words, source }) => ({ trait, words: [...words], source }));
  return { traits: [...traits], traitOrigins };
}
