import type { CastingMessage } from "#schema/chatroom-messages.ts";
import type { ChatroomState } from "#schema/chatroom-state.ts";
import type { ChatroomSource } from "../chatroom/chatroom-snapshot.ts";

/** More than any test says. */
const LINE_COUNT = 12;

/** A chatroom's synchronized state as a plain object, playing conversation `id`, whose digits are its number. */
export function scriptChatroom(
  id: string,
  spoken: readonly [slot: number, text: string][] = [],
): ChatroomSource & Pick<ChatroomState, "conversationNumber" | "lineCount"> {
  return {
    conversationId: id,
    conversationNumber: Number(id.replace(/^\D+/, "")),
    lineCount: LINE_COUNT,
    topicId: "t1",
    topic: "Night trains",
    sentiment: "mixed",
    difficulty: "simple",
    phase: "playing",
    nextAtMs: 0,
    nextTopic: "",
    lines: spoken.map(([slot, text], order) => ({
      order,
      slot,
      text,
      sentiment: "neutral",
      atMs: order * 1000,
    })),
    typingSlot: -1,
    viewers: 3,
    reactions: new Map(),
  };
}

/** Two chatlings cast in conversation `id`. */
export function scriptCasting(id: string): CastingMessage {
  return {
    conversationId: id,
    cast: [
      { slot: 0, chatlingId: "c-ember", name: "Ember", archetype: "optimist", score: 8 },
      { slot: 1, chatlingId: "c-nox", name: "Nox", archetype: "skeptic", score: 6 },
    ],
  };
}
