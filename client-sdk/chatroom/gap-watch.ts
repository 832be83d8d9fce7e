import type { ChatroomState } from "#schema/chatroom-state.ts";

/** Something that was on stage and will not come, because the connection was away. */
export interface ChatroomGap {
  /** The conversation that was on when the room was last heard of. */
  conversationId: string;
  /** Its lines from this order on were missed; `null`: it was heard to its end. */
  fromOrder: number | null;
  /**
   * How many whole conversations the room played after it, before the one that is on now; `null` where the session
   * came back into another room, as after a restart, which knows nothing of the one before.
   */
  conversations: number | null;
  /** When the room was last heard of, by this device's clock (Unix ms). */
  sinceMs: number;
}

/** What is on stage in a room at one moment. */
export interface Look {
  roomId: string;
  stage: Pick<ChatroomState, "conversationId" | "conversationNumber" | "lineCount">;
  /** By this device's clock. */
  nowMs: number;
}

/** Finds what was missed between two visits of a session. Within a visit nothing is: the socket keeps all in order. */
export interface GapWatch {
  /** Takes in what is on stage; with the first look into a room, answers what was missed on the way there. */
  look(look: Look, isArrival: boolean): ChatroomGap | null;
  /** The session goes elsewhere on purpose: what it leaves behind is not missed. */
  leave(): void;
  /** It did not go after all. */
  stay(): void;
}

interface Sight {
  roomId: string;
  conversationId: string;
  conversationNumber: number;
  lineCount: number;
  sinceMs: number;
}

/** `heardTo` answers the order of a conversation's first line that has not come yet. */
export function createGapWatch(heardTo: (conversationId: string) => number): GapWatch {
  let last: Sight | null = null;
  let isLeaving = false;

  return {
    look({ roomId, stage, nowMs }, isArrival) {
      const { conversationId, conversationNumber, lineCount } = stage;
      // Copied: the state is one object that changes.
      const sight = { roomId, conversationId, conversationNumber, lineCount, sinceMs: nowMs };
      const gap = isArrival && last && !isLeaving ? findGap(last, sight, heardTo) : null;
      if (isArrival) isLeaving = false;
      last = sight;
      return gap;
    },
    leave() {
      isLeaving = true;
    },
    stay() {
      isLeaving = false;
    },
  };
}

function findGap(last: Sight, now: Sight, heardTo: (conversationId: string) => number): ChatroomGap | null {
  const { conversationId, sinceMs } = last;
  if (now.conversationId === conversationId) return null;
  const heard = heardTo(conversationId);
  const fromOrder = heard < last.lineCount ? heard : null;
  const isSameRoom = now.roomId === last.roomId;
  const conversations = isSameRoom ? now.conversationNumber - last.conversationNumber - 1 : null;
  return fromOrder === null && conversations === 0
    ? null
    : { conversationId, fromOrder, conversations, sinceMs };
}
