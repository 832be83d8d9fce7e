import type { StoredConversation } from "#schema/stored/conversation.ts";
import { expiresAtMs, toBatchSlot, toConversationId } from "./batch-hours.ts";
import { planConversation } from "./plan.ts";

/** The conversation of a slot, planned as usual and with a line for each slot, for tests. */
export function createConversation(
  hour: string,
  index: number,
  topics: readonly { readonly id: string }[] = [{ id: "topic-0" }],
  change: Partial<StoredConversation> = {},
): StoredConversation {
  const { topic, difficulty, roles } = planConversation(hour, index, topics);
  return {
    id: toConversationId(hour, index),
    batchSlot: toBatchSlot(hour, index),
    createdAtMs: Date.parse(`${hour}:00:00Z`),
    expiresAtMs: expiresAtMs(hour, index),
    topicId: topic.id,
    topicText: `About ${topic.id}`,
    category: "everyday",
    participantCount: roles.length,
    difficulty,
    overallSentiment: "neutral",
    generationMethod: "template",
    viewCount: 0,
    roles,
    messages: roles.map(({ slot }) => ({ order: slot, slot, text: "Hm.", sentiment: "neutral" })),
    ...change,
  };
}
