import type { ChatroomSession, ChatroomWish } from "../chatroom/chatroom-session.ts";
import type { ChatroomSnapshot } from "../chatroom/chatroom-snapshot.ts";
import type { ParleyError } from "../parley-error.ts";
import type { ReactionEmoji } from "#schema/vocabulary.ts";

/** Anything that joins chatrooms as `createClient` does. */
export interface ChatroomJoiner {
  chatrooms: { join(wish?: ChatroomWish): Promise<ChatroomSession> };
}

/** A chatroom as a component sees it. The functions stay the same for as long as client and wish do. */
export interface ChatroomView {
  /** `joining` until the first snapshot is there. */
  readonly status: "joining" | "live" | "reconnecting" | "closed";
  readonly snapshot: ChatroomSnapshot | undefined;
  /** Why joining failed or the session ended by itself; `rejoin` tries again. */
  readonly failure: ParleyError | undefined;
  /** False while not `live`: nothing is queued. */
  readonly react: (order: number, emoji: ReactionEmoji) => boolean;
  readonly favorite: (chatlingId: string, favorite: boolean) => boolean;
  /** Moves on to a conversation not seen yet; does nothing before there is one to move on from. */
  readonly next: () => Promise<void>;
  /** Joins anew after a failure; does nothing while joining or in a session. */
  readonly rejoin: () => void;
}

/** What `useSyncExternalStore` asks for. */
export interface ChatroomStore {
  readonly read: () => ChatroomView;
  readonly subscribe: (listener: () => void) => () => void;
}

/** A chatroom that is joined with the first subscription and left with the last. */
export function createChatroomStore(
  client: ChatroomJoiner,
  wish: Omit<ChatroomWish, "signal">,
): ChatroomStore {
  const listeners = new Set<() => void>();
  let session: ChatroomSession | undefined;
  let stay: AbortController | undefined;
  const joining: ChatroomView = {
    status: "joining",
    snapshot: undefined,
    failure: undefined,
    react: (order, emoji) => session?.react(order, emoji) ?? false,
    favorite: (chatlingId, favorite) => session?.favorite(chatlingId, favorite) ?? false,
    next: async () => session?.next(),
    rejoin() {
      if (view.status !== "closed" || listeners.size === 0) return;
      leave();
      show(joining);
      enter();
    },
  };
  let view = joining;

  function show(next: ChatroomView): void {
    view = next;
    for (const listener of listeners) listener();
  }

  function showSnapshot(snapshot: ChatroomSnapshot): void {
    show({ ...view, status: snapshot.connection, snapshot, failure: snapshot.failure ?? undefined });
  }

  function enter(): void {
    const mine = new AbortController();
    stay = mine;
    client.chatrooms.join({ ...wish, signal: mine.signal }).then(
      (joined) => {
        if (mine.signal.aborted) return joined.leave();
        session = joined;
        joined.subscribe((snapshot) => {
          if (stay === mine) showSnapshot(snapshot);
        });
        return showSnapshot(joined.snapshot);
      },
      (failure: unknown) => {
        if (stay === mine) show({ ...view, status: "closed", failure: failure as ParleyError });
      },
    );
  }

  function leave(): void {
    stay?.abort();
    stay = undefined;
    session = undefined;
  }

  return {
    read: () => view,
    subscribe(listener) {
      listeners.add(listener);
      if (!stay) {
        view = joining;
        enter();
      }
      return () => {
        listeners.delete(listener);
        // StrictMode and a change of the listener take the subscription away and give it back at once.
        queueMicrotask(() => {
          if (listeners.size === 0) leave();
        });
      };
    },
  };
}
