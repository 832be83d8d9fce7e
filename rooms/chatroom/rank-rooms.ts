import type { OpenRoom } from "./listing.ts";
import type { ChatroomJoinOptions } from "#schema/chatroom-messages.ts";

/** From here on a conversation is as good as over. */
const LATE = 0.8;

/** Two viewers may share a room when they asked for the same. */
export function isSameWish(a: ChatroomJoinOptions, b: ChatroomJoinOptions): boolean {
  return a.topicId === b.topicId && a.difficulty === b.difficulty;
}

/**
 * The rooms a viewer with so many active chatlings could sit in, best first: those not at their last lines,
 * then those with company, then those that began lately. During an intermission both the conversation still
 * shown and the next one have to fit.
 */
export function rankRooms(
  rooms: readonly OpenRoom[],
  viewer: { readonly capacity: number; readonly wish: ChatroomJoinOptions },
  nowMs: number,
): OpenRoom[] {
  const ranked: { room: OpenRoom; score: number }[] = [];
  for (const room of rooms) {
    if (room.slots > viewer.capacity || !isSameWish(room.wish, viewer.wish)) continue;
    const isOver = room.endsAtMs > 0 && nowMs >= room.endsAtMs;
    if (isOver && (room.nextId === "" || room.nextSlots > viewer.capacity)) continue;
    ranked.push({ room, score: scoreOf(room, isOver, nowMs) });
  }
  return ranked
    .toSorted((a, b) => b.score - a.score || b.room.viewers - a.room.viewers)
    .map(({ room }) => room);
}

function scoreOf(room: OpenRoom, isOver: boolean, nowMs: number): number {
  const company = room.viewers > 0 ? 1 : 0;
  if (isOver) return 2 + company;
  const progress =
    room.endsAtMs > 0 ? (nowMs - room.startedAtMs) / Math.max(1, room.endsAtMs - room.startedAtMs) : 0;
  return (progress < LATE ? 2 : 0) + company - Math.min(1, Math.max(0, progress)) / 2;
}
