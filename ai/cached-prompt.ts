import { createHash } from "node:crypto";
import type { PromptMessage, PromptPart } from "./model.ts";
import type { Prompt } from "./task.ts";

/** One turn of a conversation, as everybody hears it. */
export interface TranscriptLine {
  readonly speaker: string;
  readonly text: string;
}

export interface ConversationPrompt {
  readonly conversationId: string;
  /** What holds in every conversation of this kind. */
  readonly rules: string;
  /** What everybody in this one knows: the topic, who takes part. */
  readonly shared: string;
  /** From the first line on: lines left out at its beginning cost the whole cache. */
  readonly transcript: readonly TranscriptLine[];
  /** Who speaks now. */
  readonly persona: string;
  /** What they are to do. */
  readonly instruction: string;
}

/** Near enough to each other that Anthropic, which looks back over 20 parts, finds the mark before. */
const LINES_PER_BLOCK = 8;

/**
 * A conversation's prompt in the order in which it changes, so that a vendor's cache serves every speaker: what all
 * share for an hour, then the transcript line by line, marked for five minutes at the end of each whole block of lines,
 * and last, unmarked, who speaks. Nobody's own lines are set apart as the assistant's, since the next speaker's would be
 * others. As turns are added, no byte and no mark before them changes.
 */
export function toCachedPrompt(conversation: ConversationPrompt): Prompt {
  const { conversationId, rules, shared, transcript, persona, instruction } = conversation;
  return {
    system: [rules, shared].filter(Boolean).map((text): PromptPart => ({ text, cache: "1h" })),
    messages: [...transcript.map(toLine), { role: "user", text: `${persona}\n\n${instruction}` }],
    cacheKey: toCacheKey(conversationId),
  };
}

/** A line ends with its own break: some vendors string messages of one role together as they are. */
function toLine({ speaker, text }: TranscriptLine, at: number): PromptMessage {
  const isEndOfBlock = (at + 1) % LINES_PER_BLOCK === 0;
  return { role: "user", text: `${speaker}: ${text}\n`, ...(isEndOfBlock && { cache: "5m" }) };
}

/** Short enough for every vendor, and our own id stays with us. */
const toCacheKey = (conversationId: string): string =>
  createHash("sha256").update(conversationId).digest("base64url").slice(0, 32);
