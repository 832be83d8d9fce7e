import { refusal } from "../plugins/refusal.ts";
import type { ChatroomDeps } from "./deps.ts";
import type { OpenRoom } from "./listing.ts";
import { isSameWish, rankRooms } from "./rank-rooms.ts";
import type { Ticket } from "./viewer.ts";
import { MIN_SLOTS } from "#schema/vocabulary.ts";
import type { PoolEntry } from "#schema/stored/conversation.ts";
import type { ChatroomJoinOptions } from "#schema/chatroom-messages.ts";

export interface Seating {
  /**
   * The conversation this viewer is to be seated at: one that is live and fits, else one to open. Null when
   * there is nothing they have not seen. `except` is left out.
   */
  chooseConversation(ticket: Ticket, except?: readonly string[]): Promise<string | null>;
  /** Whether a viewer may sit in a room that shows these conversations, first to last. */
  mayWatch(ticket: Ticket, shown: readonly { id: string; participantCount: number }[]): Promise<boolean>;
  /** Throws `too-few-chatlings` when the user cannot fill any conversation. */
  requireChatlings(ticket: Ticket): void;
}

interface Opening {
  readonly entry: PoolEntry;
  readonly wish: ChatroomJoinOptions;
  readonly untilMs: number;
}

/** More rooms than this are never asked about; the best come first. */
const ROOMS_ASKED = 12;
/** A chosen conversation's room is listed long before. */
const OPENING_MS = 5000;

/** Decides which conversation a viewer comes to, from the live rooms and the pool. */
export function createSeating(
  deps: Pick<ChatroomDeps, "views" | "chooser" | "clock">,
  readRooms: () => Promise<readonly OpenRoom[]>,
): Seating {
  const { views, chooser, clock } = deps;
  /**
   * Conversations chosen for rooms that are not listed yet. Without it a thousand viewers who come at once
   * to an empty house would open a thousand rooms.
   */
  const openings = new Map<string, Opening>();

  function openingsFor(ticket: Ticket, rooms: readonly OpenRoom[]): PoolEntry[] {
    const nowMs = clock.nowMs();
    const listed = new Set(rooms.map(({ conversationId }) => conversationId));
    const fitting: PoolEntry[] = [];
    for (const [id, { entry, wish, untilMs }] of openings) {
      if (untilMs <= nowMs || listed.has(id)) openings.delete(id);
      else if (entry.participantCount <= ticket.capacity && isSameWish(wish, ticket.wish)) {
        fitting.push(entry);
      }
    }
    return fitting;
  }

  /** Ids of live conversations that fit, best first; rooms about to open count as live. */
  function liveFor(ticket: Ticket, rooms: readonly OpenRoom[]): { ids: string[] }[] {
    const nowMs = clock.nowMs();
    const ranked = rankRooms(rooms, ticket, nowMs).slice(0, ROOMS_ASKED);
    const live = ranked.map(({ conversationId, endsAtMs, nextId }) => ({
      ids: endsAtMs > 0 && nowMs >= endsAtMs ? [conversationId, nextId] : [conversationId],
    }));
    return [...live, ...openingsFor(ticket, rooms).map(({ id }) => ({ ids: [id] }))];
  }

  async function firstUnseen(ticket: Ticket, live: { ids: string[] }[]): Promise<string | null> {
    if (live.length === 0) return null;
    const seen = await views.hasSeen(ticket.userId, [...new Set(live.flatMap(({ ids }) => ids))]);
    return live.find(({ ids }) => ids.every((id) => !seen.has(id)))?.ids[0] ?? null;
  }

  return {
    async chooseConversation(ticket, except = []) {
      const rooms = await readRooms();
      const wanted = ({ ids }: { ids: string[] }): boolean => ids.every((id) => !except.includes(id));
      const found = await firstUnseen(ticket, liveFor(ticket, rooms).filter(wanted));
      if (found) return found;

      const exclude = new Set([...rooms.map(({ conversationId }) => conversationId), ...except]);
      const entry = await chooser.choose({
        userId: ticket.userId,
        capacity: ticket.capacity,
        topicId: ticket.wish.topicId,
        difficulty: ticket.wish.difficulty,
        exclude,
      });
      if (!entry) return null;
      // Others may have decided on openings of their own while this one was looked for.
      const meanwhile = openingsFor(ticket, rooms).filter(({ id }) => !except.includes(id));
      if (meanwhile.length > 0) {
        const shared = await firstUnseen(
          ticket,
          meanwhile.map(({ id }) => ({ ids: [id] })),
        );
        if (shared) return shared;
      }
      openings.set(entry.id, { entry, wish: ticket.wish, untilMs: clock.nowMs() + OPENING_MS });
      return entry.id;
    },
    async mayWatch(ticket, shown) {
      if (shown.some(({ participantCount }) => participantCount > ticket.capacity)) return false;
      const seen = await views.hasSeen(
        ticket.userId,
        shown.map(({ id }) => id),
      );
      return seen.size === 0;
    },
    requireChatlings(ticket) {
      if (ticket.capacity >= MIN_SLOTS) return;
      throw refusal(422, "too-few-chatlings", `you need at least ${MIN_SLOTS} active chatlings to watch`);
    },
  };
}
