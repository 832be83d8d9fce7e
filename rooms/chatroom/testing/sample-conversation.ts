import type { StoredConversation } from "#schema/stored/conversation.ts";
import { ARCHETYPES, type Difficulty } from "#schema/vocabulary.ts";

export interface SampleOptions {
  readonly slots?: number;
  readonly lines?: number;
  readonly topicId?: string;
  readonly difficulty?: Difficulty;
  readonly text?: (order: number) => string;
}

/** A conversation to be played in tests, in which the slots speak in turn. */
export function sampleConversation(id: string, options: SampleOptions = {}): StoredConversation {
  const { slots = 2, lines = 5, topicId = `topic-of-${id}`, difficulty = "simple" } = options;
  const text = options.text ?? ((order) => `Line ${order} of ${id}, said to {slot:${(order + 1) % slots}}.`);
  return {
    id,
    batchSlot: `2026-01-01T00#${id}`,
    createdAtMs: Date.UTC(2026, 0, 1),
    expiresAtMs: Date.UTC(2100, 0, 1),
    topicId,
    topicText: `About ${topicId}`,
    category: "everyday",
    participantCount: slots,
    difficulty,
    overallSentiment: "positive",
    generationMethod: "template",
    viewCount: 0,
    roles: Array.from({ length: slots }, (_, slot) => ({
      slot,
      archetype: ARCHETYPES[slot % ARCHETYPES.length] ?? "optimist",
      requiredTraits: { personality: ["cheerful"] },
      traitWeights: { personality: 0.6, element: 0.2, rarity: 0.2 },
    })),
    messages: Array.from({ length: lines }, (_, order) => ({
      order,
      slot: order % slots,
      text: text(order),
      sentiment: "neutral" as const,
    })),
  };
}
