import { inBursts } from "../plugins/in-bursts.ts";
import { createPaced } from "../plugins/paced.ts";
import { createAttention } from "./attention.ts";
import { createAudience } from "./audience.ts";
import type { ChatroomDeps } from "./deps.ts";
import { createProgramme } from "./programme.ts";
import { createReactions } from "./reactions.ts";
import { createRenewals } from "./renewals.ts";
import { createSeenReader } from "./seen-reader.ts";
import { createStage, type Stage } from "./stage.ts";
import { capacityOf, toUniqueWish, type Viewer } from "./viewer.ts";
import { castViewer, toCastMembers } from "./viewer-cast.ts";
import { createViewings, type Write } from "./viewings.ts";
import type {
  ChatroomJoinOptions,
  FavoriteMessage,
  ReactMessage,
  SeatMessage,
} from "#schema/chatroom-messages.ts";
import type { ChatroomState } from "#schema/chatroom-state.ts";
import type { StoredConversation } from "#schema/stored/conversation.ts";

const BURST = 100;
/** While a crowd comes in, everybody there is told of it so often. */
const COUNT_VIEWERS_EVERY_MS = 1000;

/** What a chatroom needs of the room class around it. */
export interface ChatroomHost {
  readonly state: ChatroomState;
  readonly deps: ChatroomDeps;
  readonly wish: ChatroomJoinOptions;
  /** Whose own conversations it shows to them alone; undefined for a room that is open to all. */
  readonly ownerId?: string | undefined;
  /** The state is to reach viewers now. */
  onChange(): void;
  /** What is on stage or next has changed. */
  onProgramme(): void;
  onError(method: string, error: unknown): void;
  /** A seat in a room with a conversation this viewer has not seen and that is none of `except`; null if none. */
  reserveSeat(viewer: Viewer, except: readonly string[]): Promise<SeatMessage | null>;
}

/** One chatroom: conversations on a stage, viewers before it. Knows nothing of sockets. */
export interface Chatroom {
  readonly stage: Stage;
  readonly viewers: number;
  enter(viewer: Viewer): void;
  /** The connection broke; the viewer may come back. */
  drop(viewer: Viewer): void;
  comeBack(viewer: Viewer): void;
  /** Resolves when what the visit leaves behind is written. */
  leave(viewer: Viewer): Promise<void>;
  react(viewer: Viewer, reaction: ReactMessage): "counted" | "repeated" | "unknown-line";
  /** False when it is none of the viewer's active chatlings. */
  favorite(viewer: Viewer, message: FavoriteMessage): Promise<boolean>;
  /** A seat elsewhere, after which this conversation counts as seen; null when there is none. */
  next(viewer: Viewer): Promise<SeatMessage | null>;
  close(): void;
}

export function createChatroom(host: ChatroomHost): Chatroom {
  const { state, deps } = host;
  const { clock, pool } = deps;
  const audience = createAudience();
  const reactions = createReactions(state, clock, () => host.onChange());
  const viewings = createViewings(deps);
  const attention = createAttention(state, (watching) => deps.engagement.watched(watching));
  const present = new Set<Viewer>();
  const away = new Set<Viewer>();
  const programme = createProgramme(deps, host.wish, host.ownerId);

  const counting = createPaced(clock, COUNT_VIEWERS_EVERY_MS, () => {
    if (state.viewers === present.size) return;
    state.viewers = present.size;
    host.onChange();
  });

  const stage = createStage({
    state,
    clock,
    playbackSpeed: deps.playbackSpeed,
    onChange: () => host.onChange(),
    onError: (error) => host.onError("chooseNext", error),
    chooseNext: () => programme.choose(audience),
    onOpen(conversation, previous) {
      programme.begin(conversation);
      reactions.reset();
      attention.open(present.size, away);
      host.onProgramme();
      if (previous) write([...present, ...away].map((viewer) => viewings.takeOwnReactions(viewer, previous)));
      renewals.apply();
      for (const viewer of [...present, ...away]) {
        viewer.cast = null;
        viewer.reacted = null;
        viewer.isRecorded = false;
      }
      void keepTrack(
        "casting",
        inBursts([...present], BURST, (viewer) => cast(viewer, conversation)),
      );
    },
    onEnd(conversation) {
      attention.end(present.size);
      write([
        ...[...present].map((viewer) => viewings.takeView(viewer, conversation, "whole")),
        ...[...away].map((viewer) => viewings.takeView(viewer, conversation, "part")),
      ]);
      renewals.retry();
    },
    onNext(conversation) {
      host.onProgramme();
      const unfit = [...present].filter((viewer) => !fits(viewer, conversation) || hasOwn(viewer));
      void keepTrack(
        "move",
        inBursts(unfit, 1, (viewer) => offerSeat(viewer, conversation)),
      );
    },
    onIdle() {
      host.onProgramme();
      void keepTrack(
        "move",
        inBursts([...present], 1, (viewer) => offerSeat(viewer, null)),
      );
    },
  });

  const seenReader = createSeenReader(deps, {
    onError: (error) => host.onError("seenIds", error),
    async onRead(viewer, seen) {
      if (!present.has(viewer)) {
        viewer.seen = seen;
        return;
      }
      audience.learn(viewer, seen);
      if (stage.next && !fits(viewer, stage.next)) await offerSeat(viewer, stage.next);
    },
  });

  const renewals = createRenewals(deps, {
    viewers: [present, away],
    onError: (error) => host.onError("loadCast", error),
    async onRead(viewer, chatlings) {
      const capacity = capacityOf(chatlings);
      if (!present.has(viewer)) viewer.capacity = capacity;
      else audience.resize(viewer, capacity);
      if (present.has(viewer) && stage.next && !fits(viewer, stage.next)) await offerSeat(viewer, stage.next);
    },
  });

  const unsubscribe = pool.subscribe((ids) => {
    audience.forget(ids);
    for (const id of ids) {
      if (stage.current?.id !== id) programme.forget(id);
      if (stage.next?.id === id) stage.rechoose();
    }
  });

  async function keepTrack(method: string, work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      host.onError(method, error);
    }
  }

  function write(writes: readonly (Write | null)[]): void {
    const wanted = writes.filter((each) => each !== null);
    void keepTrack(
      "write",
      inBursts(wanted, BURST, (each) => each()),
    );
  }

  function fits(viewer: Viewer, conversation: StoredConversation): boolean {
    return viewer.capacity >= conversation.participantCount && !viewer.seen.includes(conversation.id);
  }

  /** Whether one of their own waits for a viewer who watches with others. */
  function hasOwn({ userId }: Viewer): boolean {
    return host.ownerId === undefined && deps.unique?.hasOne(userId) === true;
  }

  /** Casts once per viewer and conversation, and tells the viewer. */
  function cast(viewer: Viewer, conversation: StoredConversation): void {
    if (stage.current !== conversation || !viewer.outlet) return;
    if (!viewer.cast && fits(viewer, conversation)) viewer.cast = castViewer(viewer, conversation);
    if (!viewer.cast) return;
    const members = toCastMembers(viewer.chatlings, conversation, viewer.cast);
    viewer.outlet.send("casting", { conversationId: conversation.id, cast: members });
  }

  async function offerSeat(viewer: Viewer, next: StoredConversation | null): Promise<void> {
    const except = [stage.current?.id, next?.id].filter((id) => id !== undefined);
    const seat = await host.reserveSeat(viewer, except);
    if (!viewer.outlet) return;
    if (seat) viewer.outlet.send("move", seat);
    else
      viewer.outlet.send("notice", {
        code: "no-conversation",
        message: "there is nothing new for you just now",
      });
  }

  function sit(viewer: Viewer): void {
    present.add(viewer);
    audience.join(viewer);
    const { startedAtMs } = state;
    stage.wake();
    if (state.startedAtMs !== startedAtMs) host.onProgramme();
    counting.touch();
  }

  function rise(viewer: Viewer): void {
    if (!present.delete(viewer)) return;
    audience.leave(viewer);
    viewer.outlet = null;
    if (present.size === 0) stage.sleep();
    counting.touch();
  }

  return {
    stage,
    get viewers() {
      return present.size;
    },
    enter(viewer) {
      deps.engagement.entered(viewer.userId);
      deps.unique?.enter(toUniqueWish(viewer));
      // Sitting down may wake the stage, on which it may be over already.
      attention.enter();
      sit(viewer);
      if (stage.current) cast(viewer, stage.current);
      seenReader.ask(viewer);
    },
    drop(viewer) {
      rise(viewer);
      away.add(viewer);
    },
    comeBack(viewer) {
      away.delete(viewer);
      attention.comeBack(viewer);
      sit(viewer);
      if (!stage.current) return;
      cast(viewer, stage.current);
      if (!viewer.cast) void keepTrack("move", offerSeat(viewer, stage.next));
    },
    async leave(viewer) {
      deps.engagement.left(viewer.userId);
      deps.unique?.leave(viewer.userId);
      if (present.has(viewer)) attention.leave();
      rise(viewer);
      away.delete(viewer);
      renewals.forget(viewer);
      if (present.size === 0 && away.size === 0) counting.cancel();
      const left = stage.current;
      if (!left) return;
      const writes = [
        viewings.takeView(viewer, left, attention.shown),
        viewings.takeOwnReactions(viewer, left),
      ];
      for (const write of writes) await write?.();
    },
    react(viewer, { order, emoji }) {
      const outcome = reactions.react(viewer, order, emoji);
      if (outcome === "counted") attention.react();
      const line = outcome === "counted" ? state.lines.find((each) => each.order === order) : undefined;
      if (line && viewer.cast) {
        viewer.ownReactions ??= new Map();
        viewer.ownReactions.set(line.slot, (viewer.ownReactions.get(line.slot) ?? 0) + 1);
      }
      return outcome;
    },
    async favorite(viewer, { chatlingId, favorite }) {
      const known = [...viewer.chatlings, ...renewals.latest(viewer)];
      if (!known.some(({ id }) => id === chatlingId)) return false;
      await deps.setFavorite(viewer.userId, chatlingId, favorite);
      viewer.chatlings = viewer.chatlings.map((each) =>
        each.id === chatlingId ? { ...each, favorite } : each,
      );
      return true;
    },
    async next(viewer) {
      const leaving = stage.current;
      if (!leaving) return null;
      const seat = await host.reserveSeat(viewer, stage.next ? [leaving.id, stage.next.id] : [leaving.id]);
      if (seat && stage.current === leaving) await viewings.takeView(viewer, leaving, attention.shown)?.();
      return seat;
    },
    close() {
      unsubscribe();
      renewals.close();
      attention.close();
      stage.sleep();
      reactions.cancel();
      counting.cancel();
      seenReader.cancel();
    },
  };
}
