import type { ArchetypeId, Difficulty, LineSentiment } from "#schema/vocabulary.ts";
import type { Rng } from "../rng.ts";
import { FramePicker, NoFrameLeftError } from "./pick-frame.ts";
import type { Said } from "./pick-frame.ts";
import { planConversation, voiceOf } from "./plan-conversation.ts";
import { readWriterContent } from "./read-content.ts";
import { TopicWords } from "./topic-words.ts";
import type { WriterTopic } from "./topic-words.ts";
import { writeLine } from "./write-line.ts";

export interface ConversationOrder {
  readonly topic: WriterTopic;
  readonly roles: readonly { readonly slot: number; readonly archetype: ArchetypeId }[];
  readonly difficulty: Difficulty;
}

export interface WrittenMessage {
  readonly slot: number;
  readonly text: string;
  readonly sentiment: LineSentiment;
}

/** Drafts begun again when the content runs out of fitting frames on the way. */
const DRAFTS = 6;

/**
 * Writes a whole conversation without any model; the same order and generator state give the same text.
 * Other speakers are named as `{slot:N}`.
 */
export function writeConversation(order: ConversationOrder, rng: Rng): WrittenMessage[] {
  for (let draft = 1; ; draft++) {
    try {
      return writeDraft(order, rng);
    } catch (error) {
      if (!(error instanceof NoFrameLeftError) || draft === DRAFTS) throw error;
    }
  }
}

function writeDraft(order: ConversationOrder, rng: Rng): WrittenMessage[] {
  const content = readWriterContent();
  const roles = order.roles.toSorted((a, b) => a.slot - b.slot);
  const words = new TopicWords(order.topic, content.news, rng);
  const plan = planConversation(content, { roles, difficulty: order.difficulty, mode: words.mode }, rng);
  const picker = new FramePicker(content, words, order.difficulty, rng);
  const said: Said[] = [];
  const messages: WrittenMessage[] = [];
  for (const beat of plan.beats) {
    const role = roles[beat.slot];
    if (!role) throw new Error(`the plan names slot ${beat.slot}, which nobody plays`);
    const target = beat.to >= 0 ? said[beat.to] : undefined;
    const voice = voiceOf(content, role.archetype);
    const line = writeLine({ content, picker, words, voice, beat, target }, rng);
    said.push(line.said);
    messages.push({ slot: beat.slot, text: line.text, sentiment: line.sentiment });
  }
  return messages;
}
