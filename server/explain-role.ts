import type { RoleFit } from "#schema/api.ts";
import type { StoredChatling } from "#schema/stored/chatling.ts";
import type { StoredConversation } from "#schema/stored/conversation.ts";
import { explainScore } from "#ai/pool/casting-score.ts";
import { extractTraits } from "#ai/pool/traits.ts";

/** Scores are computed twice by the same formula, so they differ by rounding at most. */
const SAME_SCORE = 1e-6;

/**
 * Takes the score of a played role apart. Undefined when it cannot be told any more: the conversation is gone,
 * or the chatling has changed, so that the same words would explain another score.
 */
export function explainRole(
  played: { readonly slot: number; readonly score: number },
  conversation: StoredConversation | null | undefined,
  chatling: StoredChatling | undefined,
): RoleFit | undefined {
  const role = conversation?.roles.find(({ slot }) => slot === played.slot);
  if (!role || !chatling) return undefined;
  const { traits } = extractTraits(chatling.personality, chatling.backstory);
  const explained = explainScore(role, { ...chatling, traits });
  if (Math.abs(explained.score - played.score) > SAME_SCORE) return undefined;
  const { points, most } = explained;
  return {
    personality: { points: points.personality, most: most.personality },
    element: { points: points.element, most: most.element },
    rarity: { points: points.rarity, most: most.rarity },
    wantedTraits: [...role.requiredTraits.personality],
    wantedElement: role.requiredTraits.element ?? null,
    traits: explained.traits.map(({ trait, evidence }) => ({ trait, evidence })),
  };
}
