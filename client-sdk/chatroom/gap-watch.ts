import type { ChatroomState } from "#schema/chatroom-state.ts";

/**
 * Something that was on stage and will not come, because the connection was away. From here to the line that is
 * heard next, whole conversations may have passed as well: the server does not tell how many.
 */
export interface ChatroomGap {
  /** The conversation that was on when the room was last heard of. */
  conversationId: string;
  /**
   * Its lines from this order on were missed, if it had any more: its end was not seen. `null`: it was heard to its
   * end, and there was time for whole conversations after it.
   */
  fromOrder: number | null;
  /** When the room was last heard of, by this device's clock (Unix ms). */
  sinceMs: number;
}

/** What is on stage at one moment, and when that is. */
export interface Look {
  stage: Pick<ChatroomState, "conversationId" | "phase" | "startedAtMs" | "nextAtMs">;
  /** Whether the lines shown are heard: without a cast they are not. */
  isCast: boolean;
  /** By this device's clock, and by the server's. */
  nowMs: number;
  serverNowMs: number;
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
  conversationId: string;
  isHeardOut: boolean;
  /** The pause before the next conversation, as far as it was seen: at most its true length. */
  pauseMs: number;
  /** The earliest start of the next conversation, by the server's clock. */
  nextFromMs: number;
  sinceMs: number;
}

/** `heardTo` answers the order of a conversation's first line that has not come yet. */
export function createGapWatch(heardTo: (conversationId: string) => number): GapWatch {
  let last: Sight | null = null;
  let isLeaving = false;

  return {
    look(look, isArrival) {
      const gap = isArrival && last && !isLeaving ? findGap(last, look.stage, heardTo) : null;
      if (isArrival) isLeaving = false;
      last = toSight(look, last);
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

function findGap(
  last: Sight,
  stage: Look["stage"],
  heardTo: (conversationId: string) => number,
): ChatroomGap | null {
  const { conversationId, sinceMs } = last;
  if (stage.conversationId === conversationId) return null;
  if (!last.isHeardOut) return { conversationId, fromOrder: heardTo(conversationId), sinceMs };
  // A whole conversation between the two would have had a pause of its own before this one's start.
  const isNext = !(stage.startedAtMs > last.nextFromMs + last.pauseMs);
  return isNext ? null : { conversationId, fromOrder: null, sinceMs };
}

function toSight({ stage, isCast, nowMs, serverNowMs }: Look, before: Sight | null): Sight {
  const { conversationId, phase, nextAtMs } = stage;
  const isAnnounced = nextAtMs > 0;
  const seenPauseMs = before?.conversationId === conversationId ? before.pauseMs : 0;
  return {
    conversationId,
    isHeardOut: phase === "intermission" && isCast,
    pauseMs: Math.max(seenPauseMs, isAnnounced ? nextAtMs - serverNowMs : 0),
    nextFromMs: isAnnounced ? nextAtMs : serverNowMs,
    sinceMs: nowMs,
  };
}
