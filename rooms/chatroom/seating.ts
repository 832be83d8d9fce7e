import { refusal } from "../plugins/refusal.ts";
import type { ChatroomDeps } from "./deps.ts";
import type { OpenRoom } from "./listing.ts";
import { isSameWish, rankRooms } from "./rank-rooms.ts";
import { toUniqueWish, type Ticket } from "./viewer.ts";
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

/** What a room shows and will show, first to last. */
interface Live {
  readonly ids: readonly string[];
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

/** What a viewer may be seated at. */
interface Search {
  readonly except: readonly string[];
  readonly isWanted: (live: Live) => boolean;
  /** Wanted, and of the viewer's arms. */
  readonly isOwn: (live: Live) => boolean;
  readonly isOfArm: (conversationId: string) => boolean;
}

const isAny = (): boolean => true;

function toSearch(except: readonly string[], isOfArm: Search["isOfArm"]): Search {
  const isWanted = ({ ids }: Live): boolean => ids.every((id) => !except.includes(id));
  // What they would watch is the last.
  const isOwn = (live: Live): boolean => isWanted(live) && isOfArm(live.ids.at(-1) ?? "");
  return { except, isWanted, isOwn, isOfArm };
}

/** Decides which conversation a viewer comes to, from the live rooms and the pool. */
export function createSeating(
  deps: Pick<ChatroomDeps, "views" | "chooser" | "experiments" | "unique" | "clock">,
  readRooms: () => Promise<readonly OpenRoom[]>,
): Seating {
  const { views, chooser, experiments, unique, clock } = deps;
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

  /** Live conversations that fit and are wanted, best first; rooms about to open count as live. */
  function liveFor(ticket: Ticket, rooms: readonly OpenRoom[], isWanted: (live: Live) => boolean): Live[] {
    const nowMs = clock.nowMs();
    const live = rankRooms(rooms, ticket, nowMs)
      .values()
      .map(({ conversationId, endsAtMs, nextId }) => ({
        ids: endsAtMs > 0 && nowMs >= endsAtMs ? [conversationId, nextId] : [conversationId],
      }));
    const opening = openingsFor(ticket, rooms).map(({ id }) => ({ ids: [id] }));
    return [...live.filter(isWanted).take(ROOMS_ASKED), ...opening.filter(isWanted)];
  }

  async function firstUnseen(ticket: Ticket, live: readonly Live[]): Promise<string | null> {
    if (live.length === 0) return null;
    const seen = await views.hasSeen(ticket.userId, [...new Set(live.flatMap(({ ids }) => ids))]);
    return live.find(({ ids }) => ids.every((id) => !seen.has(id)))?.ids[0] ?? null;
  }

  /** What to open for this viewer; or what others are about to open meanwhile, or a live one if that is better. */
  async function open(ticket: Ticket, rooms: readonly OpenRoom[], search: Search): Promise<string | null> {
    const { except, isWanted, isOwn, isOfArm } = search;
    const { userId, capacity, wish } = ticket;
    const exclude = new Set([...rooms.map(({ conversationId }) => conversationId), ...except]);
    const entry = await chooser.choose({ ...wish, userId, capacity, exclude });
    const isOfTheirs = entry !== null && isOfArm(entry.id);
    if (!isOfTheirs && isOfArm !== isAny) {
      // Nothing of their arm is left: company is better than a room of their own.
      const other = await firstUnseen(ticket, liveFor(ticket, rooms, isWanted));
      if (other) return other;
    }
    if (!entry) return null;
    // Others may have decided on openings of their own while this one was looked for.
    const meanwhile = openingsFor(ticket, rooms)
      .map(({ id }) => ({ ids: [id] }))
      .filter(isOfTheirs ? isOwn : isWanted);
    // Where there are none, nothing is waited for, so that the next one finds this one's.
    const shared = meanwhile.length > 0 && (await firstUnseen(ticket, meanwhile));
    if (shared) return shared;
    openings.set(entry.id, { entry, wish, untilMs: clock.nowMs() + OPENING_MS });
    return entry.id;
  }

  return {
    async chooseConversation(ticket, except = []) {
      const own = await unique?.take(toUniqueWish(ticket));
      if (own) return own.id;
      const rooms = await readRooms();
      const search = toSearch(except, experiments.preference(ticket.userId) ?? isAny);
      const found = await firstUnseen(ticket, liveFor(ticket, rooms, search.isOwn));
      return found ?? (await open(ticket, rooms, search));
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
