import type { AudienceMember } from "./audience.ts";
import type { Reactor } from "./reactions.ts";
import type { ViewerCast } from "./viewer-cast.ts";
import type { UniqueWish } from "#ai/pool/unique-writer.ts";
import type { CastChatling } from "#ai/pool/casting.ts";
import type { ChatroomJoinOptions, ChatroomServerMessages } from "#schema/chatroom-messages.ts";
import { MAX_SLOTS } from "#schema/vocabulary.ts";

/** What the join established about a user; travels with the seat reservation, so it is plain and small. */
export interface Ticket {
  readonly userId: string;
  /** How many roles the user's active chatlings can fill, 0–5. */
  readonly capacity: number;
  readonly wish: ChatroomJoinOptions;
}

/** What is asked for when a conversation is written for this viewer alone. */
export const toUniqueWish = ({ userId, capacity, wish }: Ticket): UniqueWish => ({
  ...wish,
  userId,
  capacity,
});

/** Where a viewer's private messages go. */
export interface Outlet {
  send<Type extends keyof ChatroomServerMessages>(type: Type, message: ChatroomServerMessages[Type]): void;
}

/** One seat in a chatroom. Kept small: thousands of them sit in one room. */
export interface Viewer extends Ticket, AudienceMember, Reactor {
  capacity: number;
  /** The user's active chatlings, shared with whoever else holds them; never changed in place. */
  chatlings: readonly CastChatling[];
  /** Null while the connection is broken. */
  outlet: Outlet | null;
  /** Who plays for this viewer in the conversation on stage; null when it does not fit them. */
  cast: ViewerCast | null;
  /** Reactions to own chatlings' lines in this conversation, by slot. */
  ownReactions: Map<number, number> | null;
  /** The conversation on stage is recorded as seen, or being so. */
  isRecorded: boolean;
}

const NOTHING: readonly string[] = [];

/** How many roles so many active chatlings can fill. */
export function capacityOf(chatlings: readonly unknown[]): number {
  return Math.min(MAX_SLOTS, chatlings.length);
}

export function createViewer(
  userId: string,
  wish: ChatroomJoinOptions,
  chatlings: readonly CastChatling[],
  outlet: Outlet,
): Viewer {
  return {
    userId,
    wish,
    chatlings,
    outlet,
    capacity: capacityOf(chatlings),
    seen: NOTHING,
    cast: null,
    ownReactions: null,
    reacted: null,
    isRecorded: false,
  };
}
