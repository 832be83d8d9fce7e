import { matchMaker } from "@colyseus/core";
import type { LiveChatroom } from "#schema/api.ts";
import type { Difficulty } from "#schema/vocabulary.ts";
import type { StoredView } from "#schema/stored/view.ts";
import type { Clock } from "#ai/clock.ts";
import { SEEN_WINDOW_MS } from "#ai/pool/choose.ts";
import type { ObservedView } from "#ai/pool/health.ts";
import type { Rng } from "#ai/rng.ts";
import { defineChatroom } from "#rooms/chatroom/chatroom-room.ts";
import type { EngagementPort } from "#rooms/chatroom/attention.ts";
import type { ChatroomLimits } from "#rooms/chatroom/deps.ts";
import { CHATROOM, type ChatroomListing } from "#rooms/chatroom/listing.ts";
import { DEFAULT_GUARD_LIMITS } from "#rooms/plugins/guarded-room.ts";
import type { Auth } from "./auth.ts";
import type { CastChanges } from "./cast-changes.ts";
import type { CastLoader } from "./cast-loader.ts";
import type { Pool } from "./create-pool.ts";
import type { Experiments } from "./experiments/create-experiments.ts";
import type { Log } from "./log.ts";
import type { Repositories } from "./open-repositories.ts";
import { within } from "./within.ts";

export interface ChatroomsOptions {
  readonly auth: Auth;
  readonly casts: CastLoader;
  readonly castChanges: Pick<CastChanges, "tell" | "subscribe">;
  readonly pool: Pool;
  readonly repositories: Repositories;
  /** Told of every view that is recorded. */
  readonly observeView: (view: ObservedView) => void;
  readonly engagement: EngagementPort;
  readonly experiments: Experiments;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly playbackSpeed: number;
  readonly limits?: Partial<ChatroomLimits> | undefined;
  readonly log: Log;
  /** Whether this user was erased lately, so that nothing of theirs is written any more. */
  readonly isErased: (userId: string) => boolean;
}

const DEFAULT_LIMITS: ChatroomLimits = { ...DEFAULT_GUARD_LIMITS, maxViewers: 5000 };

/** The chatroom room kind, connected with the pool, the store and the tokens. */
export function createChatrooms(options: ChatroomsOptions) {
  const { auth, casts, castChanges, pool, repositories, experiments, clock } = options;
  const { chatlings, views } = repositories;

  async function record(view: StoredView): Promise<boolean> {
    if (options.isErased(view.userId)) return false;
    const isNew = await views.record(view);
    if (isNew) options.observeView(view);
    return isNew;
  }

  return defineChatroom({
    authenticate: (token) => auth.authenticate(token),
    loadCast: (userId) => casts.load(userId),
    onCastChange: (listener) => castChanges.subscribe(listener),
    async setFavorite(userId, chatlingId, favorite) {
      await chatlings.patch(userId, chatlingId, { favorite });
      castChanges.tell(userId);
    },
    async addOwnReactions(userId, chatlingId, count) {
      if (options.isErased(userId)) return;
      await chatlings.addOwnReactions(userId, chatlingId, count);
      // Not told: every conversation leaves some, and reading all those casts anew would decide little.
      casts.forget(userId);
    },
    pool: pool.active,
    chooser: pool.chooser,
    loadConversation: (id) => pool.reader.get(id),
    unique: pool.unique,
    views: {
      hasSeen: (userId, ids) => views.hasSeen(userId, ids),
      seenIds: (userId) => views.seenIds(userId, clock.nowMs() - SEEN_WINDOW_MS),
      record,
    },
    engagement: options.engagement,
    experiments: {
      preference: (userId) => experiments.running.preference(userId),
      armsOf: (conversationId) => experiments.arms?.ofConversation(conversationId) ?? [],
      noteView: (userId, view) => experiments.noteView(userId, view),
    },
    clock,
    rng: options.rng,
    playbackSpeed: options.playbackSpeed,
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    log: options.log,
  });
}

/** While Redis is lost, the listing waits for it. */
const LIST_WITHIN_MS = 5000;

/** Chatrooms with an audience now that are open to all, across all processes, fullest first. */
export async function listChatrooms(): Promise<LiveChatroom[]> {
  const rooms = await within(LIST_WITHIN_MS, matchMaker.query({ name: CHATROOM, private: false }));
  return rooms
    .map(({ roomId, clients, metadata }) => {
      const { topicId, topic, difficulty } = metadata as ChatroomListing;
      return { roomId, topicId, topic, difficulty: difficulty as Difficulty, viewers: clients };
    })
    .filter(({ topicId }) => topicId !== "")
    .sort((a, b) => b.viewers - a.viewers);
}
