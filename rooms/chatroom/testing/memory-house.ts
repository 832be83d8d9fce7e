import { DEFAULT_GUARD_LIMITS } from "../../plugins/guarded-room.ts";
import type { Watching } from "../attention.ts";
import type { ChatroomDeps, ChatroomLimits } from "../deps.ts";
import { sampleConversation } from "./sample-conversation.ts";
import { createFakeClock, type FakeClock } from "#ai/fake-clock.ts";
import { createActivePool } from "#ai/pool/active-pool.ts";
import type { CastChatling } from "#ai/pool/casting.ts";
import { createChooser } from "#ai/pool/choose.ts";
import { createUniqueConversations } from "#ai/pool/unique-conversations.ts";
import { createUniqueRecords } from "#ai/pool/unique-records.fixture.ts";
import { createRng } from "#ai/rng.ts";
import type { StoredConversation } from "#schema/stored/conversation.ts";
import type { PlayedConversation } from "#schema/stored/unique-conversation.ts";
import type { StoredView } from "#schema/stored/view.ts";

/** The chatroom's ports over plain memory, and what was written through them. */
export interface MemoryHouse {
  readonly deps: ChatroomDeps;
  readonly clock: FakeClock;
  /** Gives a user other chatlings, and tells of it. */
  readonly changeCast: (userId: string, chatlings: CastChatling[]) => void;
  readonly views: StoredView[];
  readonly ownReactions: { userId: string; chatlingId: string; count: number }[];
  readonly favorites: { userId: string; chatlingId: string; favorite: boolean }[];
  /** What was told of audiences: "+ann" came, "-ann" left, or what a conversation was to them. */
  readonly engagement: (string | Watching)[];
  /** Views that are over: "ann: part". */
  readonly ended: string[];
  readonly errors: { fields: Record<string, unknown>; message: string }[];
  add(...conversations: StoredConversation[]): void;
}

export function sampleChatlings(userId: string, count: number): CastChatling[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `${userId}-chatling-${index}`,
    name: `${userId}'s No. ${index}`,
    favorite: false,
    ownReactions: 0,
    rarity: "common",
    element: "fire",
    secondaryElement: null,
    traits: ["cheerful"],
  }));
}

/** While an experiment is on, everybody and every conversation is of the arm their name begins with. */
const toArms = (id: string): string[] => [id.slice(0, 1)];

/**
 * Tokens are "name" or "name:3" for a user of three active chatlings (else five); "nobody" is refused and
 * "broken" finds the house in trouble.
 */
export function createMemoryHouse(
  conversations: readonly StoredConversation[],
  options: {
    readonly limits?: Partial<ChatroomLimits>;
    readonly playbackSpeed?: number;
    readonly byArms?: boolean;
    /** Who is to watch conversations of their own; nobody when left out. */
    readonly isUnique?: (userId: string) => boolean;
  } = {},
): MemoryHouse {
  const clock = createFakeClock();
  const arms = options.byArms ? { ofConversation: toArms, ofUser: toArms } : undefined;
  const pool = createActivePool(arms?.ofConversation);
  const rng = createRng("memory-house");
  const stored = new Map<string, StoredConversation>();
  const views: StoredView[] = [];
  const ownReactions: MemoryHouse["ownReactions"] = [];
  const favorites: MemoryHouse["favorites"] = [];
  const engagement: MemoryHouse["engagement"] = [];
  const ended: string[] = [];
  const errors: MemoryHouse["errors"] = [];
  const casts = new Map<string, CastChatling[]>();
  const followers = new Set<(userId: string) => void>();

  const viewsPort = {
    async record(view: StoredView) {
      if (views.some(({ id }) => id === view.id)) return false;
      views.push(view);
      return true;
    },
    async hasSeen(userId: string, ids: readonly string[]) {
      const seen = views.filter((view) => view.userId === userId && ids.includes(view.conversationId));
      return new Set(seen.map(({ conversationId }) => conversationId));
    },
    async recent(userId: string, limit: number) {
      return views
        .filter((view) => view.userId === userId)
        .toReversed()
        .slice(0, limit);
    },
    async seenIds(userId: string) {
      return views.filter((view) => view.userId === userId).map(({ conversationId }) => conversationId);
    },
  };

  function add(...added: StoredConversation[]): void {
    for (const conversation of added) {
      stored.set(conversation.id, conversation);
      pool.add(conversation);
    }
  }
  add(...conversations);

  const log = {
    info: () => {},
    warn: () => {},
    error: (fields: Record<string, unknown>, message: string) => void errors.push({ fields, message }),
  };
  const own = createUniqueRecords();
  const unique =
    options.isUnique &&
    createUniqueConversations({
      isUnique: options.isUnique,
      records: own,
      write: async ({ userId }) => sampleConversation(`own-${userId}-${own.records.size}`),
      clock,
      log,
    });
  const loadConversation = async (id: string): Promise<PlayedConversation | null> =>
    stored.get(id) ?? own.records.get(id) ?? null;
  const deps: ChatroomDeps = {
    async authenticate(token) {
      if (token === "broken") throw new Error("the store is away");
      if (token === "nobody") throw Object.assign(new Error("who are you?"), { code: "unauthorized" });
      return { userId: token };
    },
    async loadCast(userId) {
      const known = casts.get(userId) ?? sampleChatlings(userId, Number(userId.split(":")[1] ?? 5));
      casts.set(userId, known);
      return known;
    },
    onCastChange(listener) {
      followers.add(listener);
      return () => void followers.delete(listener);
    },
    async setFavorite(userId, chatlingId, favorite) {
      favorites.push({ userId, chatlingId, favorite });
    },
    async addOwnReactions(userId, chatlingId, count) {
      ownReactions.push({ userId, chatlingId, count });
    },
    pool,
    chooser: createChooser({
      pool,
      arms,
      views: viewsPort,
      conversations: { get: loadConversation },
      clock,
      rng,
    }),
    loadConversation,
    views: viewsPort,
    engagement: {
      entered: (userId) => void engagement.push(`+${userId}`),
      left: (userId) => void engagement.push(`-${userId}`),
      watched: (watching) => void engagement.push(watching),
    },
    unique,
    experiments: {
      preference: (userId) => arms && ((id) => id.startsWith(userId.slice(0, 1))),
      armsOf: (conversationId) => arms?.ofConversation(conversationId) ?? [],
      noteView: (userId, { finished }) => void ended.push(`${userId}: ${finished ? "whole" : "part"}`),
    },
    clock,
    rng,
    playbackSpeed: options.playbackSpeed ?? 1,
    limits: { ...DEFAULT_GUARD_LIMITS, maxViewers: 5000, ...options.limits },
    log,
  };
  function changeCast(userId: string, chatlings: CastChatling[]): void {
    casts.set(userId, chatlings);
    for (const follow of followers) follow(userId);
  }
  return { deps, clock, changeCast, views, ownReactions, favorites, engagement, ended, errors, add };
}
