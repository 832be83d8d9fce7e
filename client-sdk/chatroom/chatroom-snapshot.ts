import type { Connection } from "../room/room-link.ts";
import type { ParleyError } from "../parley-error.ts";
import type { CastingMessage } from "#schema/chatroom-messages.ts";
import type { Difficulty, LineSentiment, OverallSentiment } from "#schema/vocabulary.ts";
import { fillNames } from "./fill-names.ts";

/** One of my chatlings in its part; `score` is how well it fits, 0–10. */
export type CastMember = CastingMessage["cast"][number];

export interface ChatroomLine {
  conversationId: string;
  order: number;
  slot: number;
  speaker: { chatlingId: string; name: string; archetype: string };
  /** Names are filled in. Text from outside: show it as text, never as markup. */
  text: string;
  sentiment: LineSentiment;
  /** Milliseconds after the conversation's start. */
  atMs: number;
}

/** A moment of a chatroom as plain data. What has not changed is the same object as in the snapshot before. */
export interface ChatroomSnapshot {
  conversationId: string;
  phase: "playing" | "intermission";
  topicId: string;
  topic: string;
  difficulty: Difficulty;
  sentiment: OverallSentiment;
  /** Empty until the server has told who plays what. */
  cast: readonly CastMember[];
  lines: readonly ChatroomLine[];
  /** Who is typing. */
  typing: CastMember | null;
  viewers: number;
  /** Line order → emoji → how many viewers reacted so. */
  reactions: Readonly<Record<number, Readonly<Record<string, number>>>>;
  /** When the next conversation starts, by this device's clock (Unix ms); 0 until it is known. */
  nextAtMs: number;
  nextTopic: string;
  connection: Connection;
  /** Why the session ended, where that was not asked for. */
  failure: ParleyError | null;
}

/** What is read of the synchronized state; anything shaped so will do. */
export interface ChatroomSource {
  conversationId: string;
  topicId: string;
  topic: string;
  sentiment: string;
  difficulty: string;
  phase: string;
  nextAtMs: number;
  nextTopic: string;
  lines: Iterable<{ order: number; slot: number; text: string; sentiment: string; atMs: number }>;
  typingSlot: number;
  viewers: number;
  reactions: { forEach(run: (count: number, key: string) => void): void };
}

/** A snapshot of `state` as this viewer sees it; lines already in `before` are taken over as they are. */
export function toChatroomSnapshot(
  state: ChatroomSource,
  casting: CastingMessage | undefined,
  before: ChatroomSnapshot | undefined,
  outside: { connection: Connection; failure: ParleyError | null; clockAheadMs: number },
): ChatroomSnapshot {
  const { conversationId } = state;
  const cast = casting?.conversationId === conversationId ? casting.cast : [];
  const same = before?.conversationId === conversationId && before.cast === cast ? before : undefined;
  const bySlot = new Map(cast.map((member) => [member.slot, member]));
  return {
    conversationId,
    phase: state.phase === "playing" ? "playing" : "intermission",
    topicId: state.topicId,
    topic: state.topic,
    difficulty: state.difficulty as Difficulty,
    sentiment: state.sentiment as OverallSentiment,
    cast,
    lines: toLines(state, bySlot, same),
    typing: bySlot.get(state.typingSlot) ?? null,
    viewers: state.viewers,
    reactions: toReactions(state, same),
    nextAtMs: state.nextAtMs === 0 ? 0 : state.nextAtMs - outside.clockAheadMs,
    nextTopic: state.nextTopic,
    connection: outside.connection,
    failure: outside.failure,
  };
}

/** Without a cast there is nobody to say the lines: none are shown until it has come. */
function toLines(
  state: ChatroomSource,
  bySlot: ReadonlyMap<number, CastMember>,
  same: ChatroomSnapshot | undefined,
): readonly ChatroomLine[] {
  if (bySlot.size === 0) return [];
  const known = new Map(same?.lines.map((line) => [line.order, line]));
  const lines = [...state.lines].map((line): ChatroomLine => {
    const speaker = bySlot.get(line.slot);
    return (
      known.get(line.order) ?? {
        conversationId: state.conversationId,
        order: line.order,
        slot: line.slot,
        speaker: {
          chatlingId: speaker?.chatlingId ?? "",
          name: speaker?.name ?? "someone",
          archetype: speaker?.archetype ?? "",
        },
        text: fillNames(line.text, (slot) => bySlot.get(slot)?.name),
        sentiment: line.sentiment as LineSentiment,
        atMs: line.atMs,
      }
    );
  });
  return same && same.lines.length === lines.length ? same.lines : lines;
}

function toReactions(
  state: ChatroomSource,
  same: ChatroomSnapshot | undefined,
): ChatroomSnapshot["reactions"] {
  const byLine: Record<number, Record<string, number>> = {};
  let changed = same === undefined;
  let entries = 0;
  state.reactions.forEach((count, key) => {
    const colon = key.indexOf(":");
    const order = Number(key.slice(0, colon));
    const emoji = key.slice(colon + 1);
    (byLine[order] ??= {})[emoji] = count;
    entries++;
    if (same?.reactions[order]?.[emoji] !== count) changed = true;
  });
  if (same && !changed && entries === countEntries(same.reactions)) return same.reactions;
  return byLine;
}

function countEntries(reactions: ChatroomSnapshot["reactions"]): number {
  return Object.values(reactions).reduce((sum, line) => sum + Object.keys(line).length, 0);
}
