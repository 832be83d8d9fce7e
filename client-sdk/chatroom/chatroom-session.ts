import type {
  CastingMessage,
  ChatroomJoinOptions,
  FavoriteMessage,
  MoveMessage,
  ReactMessage,
  SeatMessage,
} from "#schema/chatroom-messages.ts";
import type { ChatroomState } from "#schema/chatroom-state.ts";
import type { NoticeMessage } from "#schema/notice-message.ts";
import type { ReactionEmoji } from "#schema/vocabulary.ts";
import { ParleyError } from "../parley-error.ts";
import type { RoomPort, Seats } from "../room/room-port.ts";
import { openRoomLink, type RoomLink } from "../room/room-link.ts";
import type { Timers } from "../timers.ts";
import { toChatroomSnapshot, type ChatroomSnapshot } from "./chatroom-snapshot.ts";
import { createGapWatch, type ChatroomGap } from "./gap-watch.ts";
import { createLineStream, type StreamedLine } from "./line-stream.ts";

export interface ChatroomWish extends ChatroomJoinOptions {
  /** Gives up joining, or ends the session later. */
  signal?: AbortSignal;
}

/** A place in a live chatroom that follows where the server moves it and comes back after every interruption. */
export interface ChatroomSession {
  readonly snapshot: ChatroomSnapshot;
  /** The room one is in, as the list of live chatrooms names it; changes with every move. */
  readonly roomId: string;
  /** Calls `listener` with every new snapshot; the returned function ends it. */
  subscribe(listener: (snapshot: ChatroomSnapshot) => void): () => void;
  /** What the server remarks on this viewer's doings, as too many reactions. */
  onNotice(listener: (notice: ParleyError) => void): () => void;
  /** What went by unseen while the connection was away; told when it is back. */
  onGap(listener: (gap: ChatroomGap) => void): () => void;
  /**
   * Each line once, from the first one on stage, across conversations and reconnections, until the session ends.
   * What was missed stands in `gapsBefore` of the line that follows. A conversation that is put on again goes on
   * after the last line heard of it.
   */
  [Symbol.asyncIterator](): AsyncIterator<StreamedLine>;
  /** False while the connection is away: nothing is queued. */
  react(order: number, emoji: ReactionEmoji): boolean;
  favorite(chatlingId: string, favorite: boolean): boolean;
  /** Moves on to a conversation I have not seen; the old seat is kept until the new one is taken. */
  next(): Promise<void>;
  leave(): void;
}

export interface ChatroomSessionDeps {
  seats: Seats;
  wish: ChatroomWish;
  clockAheadMs: () => number;
  timers: Timers;
  random: () => number;
  onWake(run: () => void): () => void;
}

const FIRST_SNAPSHOT_WITHIN_MS = 8000;

/** Resolves with the first whole snapshot: state and cast are both there. */
export async function openChatroomSession(deps: ChatroomSessionDeps): Promise<ChatroomSession> {
  const { wish, timers } = deps;
  const { signal, ...options } = wish;
  const listeners = new Set<(snapshot: ChatroomSnapshot) => void>();
  const noticeListeners = new Set<(notice: ParleyError) => void>();
  const gapListeners = new Set<(gap: ChatroomGap) => void>();
  const lines = createLineStream();
  const gaps = createGapWatch((conversationId) => lines.heardTo(conversationId));
  let link: RoomLink | undefined;
  let bound: RoomPort | undefined;
  let source: ChatroomState | undefined;
  let casting: CastingMessage | undefined;
  let snapshot: ChatroomSnapshot | undefined;
  let announce = () => {};

  function refresh(isArrival: boolean): void {
    if (!source) return;
    snapshot = toChatroomSnapshot(source, casting, snapshot, {
      connection: link?.connection ?? "live",
      failure: link?.failure ?? null,
      clockAheadMs: deps.clockAheadMs(),
    });
    const gap = lookForGap(source, isArrival);
    lines.accept(snapshot.lines);
    if (snapshot.cast.length > 0) announce();
    for (const listener of listeners) listener(snapshot);
    if (gap) for (const listener of gapListeners) listener(gap);
  }

  function lookForGap(stage: ChatroomState, isArrival: boolean) {
    const gap = gaps.look({ roomId: bound?.roomId ?? "", stage, nowMs: timers.nowMs() }, isArrival);
    if (gap) lines.miss(gap);
    return gap;
  }

  function bind(room: RoomPort): void {
    let isSeen = false;
    bound = room;
    // A room that was left goes on talking until its socket is closed.
    const isLeft = () => bound !== room;
    room.onStateChange((state) => {
      if (isLeft()) return;
      const isArrival = !isSeen;
      isSeen = true;
      source = state as ChatroomState;
      refresh(isArrival);
    });
    room.onMessage("casting", (payload) => {
      if (isLeft()) return;
      const told = payload as CastingMessage;
      // Told again on every reconnection: the same cast stays the same object, so nothing is drawn anew.
      if (JSON.stringify(told) !== JSON.stringify(casting)) casting = told;
      if (isSeen) refresh(false);
    });
    room.onMessage("move", (payload) => {
      if (!isLeft()) void goTo(payload as MoveMessage).catch(() => undefined);
    });
    room.onMessage("notice", (payload) => {
      const { code, message } = payload as NoticeMessage;
      for (const listener of noticeListeners) listener(new ParleyError(code, message));
    });
  }

  async function goTo(seat: SeatMessage): Promise<void> {
    if (!link) return;
    gaps.leave();
    try {
      await link.move(seat);
    } catch (error) {
      gaps.stay();
      throw error;
    }
  }

  function changed(): void {
    if (!link) return;
    if (snapshot) {
      // The room's own state may be torn down by now: what was seen last stands.
      const { connection, failure } = link;
      snapshot = { ...snapshot, connection, failure: failure ?? null };
      for (const listener of listeners) listener(snapshot);
    }
    if (link.connection === "closed") {
      lines.end();
      announce();
    }
  }

  link = await openRoomLink({
    seats: deps.seats,
    kind: "chatroom",
    options,
    bind,
    changed,
    timers,
    random: () => deps.random(),
    onWake: (run) => deps.onWake(run),
    ...(signal && { signal }),
  });
  const live = link;
  await new Promise<void>((resolve) => {
    const cancel = timers.after(FIRST_SNAPSHOT_WITHIN_MS, resolve);
    announce = () => {
      cancel();
      resolve();
    };
    if (live.connection === "closed" || (snapshot && snapshot.cast.length > 0)) announce();
  });
  if (live.failure) throw live.failure;
  if (live.connection === "closed") throw new ParleyError("aborted", "Joining was aborted.");
  if (!snapshot || snapshot.cast.length === 0) {
    live.close();
    throw new ParleyError("timeout", "The chatroom did not show itself in time.");
  }

  return {
    get snapshot() {
      return snapshot as ChatroomSnapshot;
    },
    get roomId() {
      return live.roomId;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    onNotice(listener) {
      noticeListeners.add(listener);
      return () => void noticeListeners.delete(listener);
    },
    onGap(listener) {
      gapListeners.add(listener);
      return () => void gapListeners.delete(listener);
    },
    [Symbol.asyncIterator]: () => lines.read(),
    react: (order, emoji) => live.send("react", { order, emoji } satisfies ReactMessage),
    favorite: (chatlingId, favorite) =>
      live.send("favorite", { chatlingId, favorite } satisfies FavoriteMessage),
    async next() {
      await goTo((await live.request("next", {})) as SeatMessage);
    },
    leave: () => live.close(),
  };
}
