import type { StoredConversation } from "#schema/stored/conversation.ts";
import type { StoredTopic } from "#schema/stored/topic.ts";
import type { GenerationMethod } from "#schema/vocabulary.ts";
import type { ScopeArm } from "../task.ts";
import { expiresAtMs, toBatchSlot, toConversationId } from "./batch-hours.ts";
import type { Dialogue, DialogueRequest } from "./dialogue.ts";
import { toOverallSentiment } from "./overall-sentiment.ts";
import { planConversation, type ConversationPlan } from "./plan.ts";

/** How a conversation is to be written, and for which arm of an experiment, if any. */
export interface Approach {
  readonly method: GenerationMethod;
  readonly arm?: ScopeArm | undefined;
}

/** A slot of a batch, planned and ready to be written. */
export interface Order {
  readonly id: string;
  readonly hour: string;
  readonly index: number;
  readonly plan: ConversationPlan<StoredTopic>;
  readonly approach: Approach;
  /** Of all that is drawn for it; another one with each attempt. */
  readonly seed: string;
  readonly request: DialogueRequest;
}

export interface OrderSource {
  readonly hour: string;
  readonly index: number;
  readonly topics: readonly StoredTopic[];
  /** Instead of the one that would be drawn from the topics. */
  readonly topic?: StoredTopic | undefined;
  readonly attempt: number;
  readonly contentVersion: string;
  readonly approach: (conversationId: string) => Approach;
}

/** The order for a slot; of the topics given only the topic depends, never roles and difficulty. */
export function toOrder(source: OrderSource): Order {
  const { hour, index, attempt, contentVersion } = source;
  const { topic: given, topics } = source;
  const plan = planConversation(hour, index, given ? [given] : topics, contentVersion);
  const { id: topicId, text, category, sentiment, material } = plan.topic;
  const id = toConversationId(hour, index);
  return {
    id,
    hour,
    index,
    plan,
    approach: source.approach(id),
    seed: `${toBatchSlot(hour, index)}${attempt > 0 ? `~${attempt}` : ""}/${contentVersion}`,
    request: {
      topic: { id: topicId, text, category, sentiment, ...(material && { material }) },
      roles: plan.roles.map(({ slot, archetype }) => ({ slot, archetype })),
      difficulty: plan.difficulty,
    },
  };
}

/** What became of an order. */
export interface Written {
  readonly dialogue: Dialogue;
  readonly method: GenerationMethod;
  /** "provider/model", where a model's text is used. */
  readonly model?: string | undefined;
}

/** The record of a written order. */
export function toConversation(
  { id, hour, index, plan, approach }: Order,
  { dialogue, method, model }: Written,
  createdAtMs: number,
): StoredConversation {
  const { topic, difficulty, roles } = plan;
  return {
    id,
    batchSlot: toBatchSlot(hour, index),
    createdAtMs,
    expiresAtMs: expiresAtMs(hour, index),
    topicId: topic.id,
    topicText: topic.text,
    category: topic.category,
    participantCount: roles.length,
    difficulty,
    overallSentiment: toOverallSentiment(dialogue.messages),
    generationMethod: method,
    ...(model !== undefined && { model }),
    ...(approach.arm && { arm: approach.arm.name }),
    viewCount: 0,
    roles,
    messages: dialogue.messages.map(({ slot, text, sentiment }, order) => ({ order, slot, text, sentiment })),
    ...toCores(dialogue),
  };
}

/** Absent where any message was made otherwise, say by a model. */
function toCores({ messages }: Dialogue): Pick<StoredConversation, "cores"> {
  const cores = messages.flatMap(({ core }) => core ?? []);
  return cores.length === messages.length ? { cores: cores.join(" ") } : {};
}
