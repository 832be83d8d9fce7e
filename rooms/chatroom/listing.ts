import { LocalDriver, matchMaker } from "@colyseus/core";
import type { Clock } from "#ai/clock.ts";
import type { ChatroomJoinOptions } from "#schema/chatroom-messages.ts";

/** Name under which the room type is defined. */
export const CHATROOM = "chatroom";

/** What a room's entry in the matchmaker's listing tells, to other processes too. */
export interface ChatroomListing {
  /** What is on stage; the field joins are routed by. */
  readonly conversationId: string;
  readonly topicId: string;
  readonly topic: string;
  readonly difficulty: string;
  readonly slots: number;
  /** Unix time; 0 while the room waits for its first viewer. */
  readonly startedAtMs: number;
  readonly endsAtMs: number;
  /** What follows, once chosen; "" until then. */
  readonly nextId: string;
  readonly nextSlots: number;
  /** What the room was opened for. */
  readonly wish: ChatroomJoinOptions;
}

/** A room that can be joined, as seating sees it. */
export interface OpenRoom extends ChatroomListing {
  readonly roomId: string;
  /** Viewers present, expected or away for a moment. */
  readonly viewers: number;
}

/** Reading all listings of other processes costs a round trip to Redis and some parsing. */
const REMOTE_LISTING_MS = 1000;

/** Reads the rooms that can be joined: at once on one process, at most a second old across several. */
export function createRoomReader(clock: Clock): () => Promise<readonly OpenRoom[]> {
  let cached: Promise<readonly OpenRoom[]> | null = null;
  let cachedAtMs = 0;
  return () => {
    const isLocal = matchMaker.driver instanceof LocalDriver;
    if (isLocal) return readRooms();
    const nowMs = clock.nowMs();
    if (!cached || nowMs - cachedAtMs >= REMOTE_LISTING_MS) {
      cachedAtMs = nowMs;
      cached = readRooms();
      cached.catch(() => (cached = null));
    }
    return cached;
  };
}

async function readRooms(): Promise<readonly OpenRoom[]> {
  const listings = await matchMaker.query({ name: CHATROOM, locked: false, private: false });
  const rooms: OpenRoom[] = [];
  for (const { roomId, clients, metadata } of listings) {
    const listing = metadata as ChatroomListing | undefined;
    if (listing?.wish) rooms.push({ ...listing, roomId, viewers: clients });
  }
  return rooms;
}
