import type { PoolEntry, StoredConversation } from "#schema/stored/conversation.ts";
import { toViewId, type StoredView } from "#schema/stored/view.ts";
import { MAX_SLOTS, MIN_SLOTS, type Difficulty } from "#schema/vocabulary.ts";
import type { Clock } from "../clock.ts";
import { pick, type Rng } from "../rng.ts";
import type { ActivePool, PoolFilter } from "./active-pool.ts";
import { castConversation, type CastChatling, type CastMember } from "./casting.ts";
import type { ConversationReader, ViewsPort } from "./ports.ts";
import { createUserMemory, RECENT_TOPICS, type RememberedUser } from "./user-memory.ts";

interface Wish {
  readonly userId: string;
  readonly topicId?: string | undefined;
  readonly difficulty?: Difficulty | undefined;
}

interface ChooseRequest extends Wish {
  /** Number of the user's active chatlings: never a conversation with more slots. */
  readonly capacity: number;
  /** Conversations not wanted for reasons of the caller's own. */
  readonly exclude?: ReadonlySet<string> | undefined;
}

interface TakeRequest extends Wish {
  /** The user's active chatlings. */
  readonly chatlings: readonly CastChatling[];
}

/** A conversation given to a user, its view recorded. */
export interface Taken {
  readonly conversation: StoredConversation;
  readonly cast: CastMember[];
}

export interface Chooser {
  /** A conversation the user has not seen and can fill, or null; nothing is recorded. */
  choose(request: ChooseRequest): Promise<PoolEntry | null>;
  /** The same, cast and recorded as seen at once: no two calls ever give a user the same one. */
  take(request: TakeRequest): Promise<Taken | null>;
  /** Tells of a view recorded elsewhere, so that the user's next topics differ. */
  noteView(view: Pick<StoredView, "userId" | "conversationId" | "topicId">): void;
  /** Drops what is remembered of a user who was erased. */
  forget(userId: string): void;
}

export interface ChooserDeps {
  readonly pool: ActivePool;
  readonly views: ViewsPort;
  readonly conversations: ConversationReader;
  readonly clock: Clock;
  readonly rng: Rng;
}

/** Enough that one with a fresh topic is nearly always among them. */
const CANDIDATES = 12;
/** A look-up costs per conversation, and the first is nearly always unseen. */
const CHECKED_AT_ONCE = 4;
const DUPLICATES_BEFORE_LOADING = 3;
/** A conversation lives 24 hours from its hour's start; one more hour for clocks that differ. */
export const SEEN_WINDOW_MS = 26 * 3_600_000;
const VIEW_LIFE_MS = 7 * 24 * 3_600_000;

/** The record of a user's having been given a conversation. */
export function toStoredView(
  userId: string,
  conversation: Pick<StoredConversation, "id" | "topicId" | "topicText">,
  cast: readonly CastMember[],
  nowMs: number,
): StoredView {
  return {
    id: toViewId(userId, conversation.id),
    userId,
    conversationId: conversation.id,
    topicId: conversation.topicId,
    topicText: conversation.topicText,
    cast: cast.map(({ slot, archetype, chatlingId, score }) => ({ slot, archetype, chatlingId, score })),
    viewedAtMs: nowMs,
    expiresAtMs: nowMs + VIEW_LIFE_MS,
  };
}

/**
 * Chooses conversations for users at a cost that depends neither on the pool's size nor on the user's history:
 * a few entries are drawn from the pool, those with a topic the user has not had lately come first, and the
 * insertion of the view decides. Only who has seen nearly everything pays more: their seen ids are loaded once.
 */
export function createChooser({ pool, views, conversations, clock, rng }: ChooserDeps): Chooser {
  const memory = createUserMemory();

  async function recall(userId: string): Promise<RememberedUser> {
    const known = memory.get(userId);
    if (known !== undefined) return known;
    const recent = await views.recent(userId, RECENT_TOPICS);
    const user: RememberedUser = {
      topics: [...new Set(recent.map(({ topicId }) => topicId))],
      seen: new Set(recent.map(({ conversationId }) => conversationId)),
      complete: false,
    };
    memory.set(userId, user);
    return user;
  }

  async function loadSeen(userId: string, user: RememberedUser): Promise<void> {
    const ids = await views.seenIds(userId, clock.nowMs() - SEEN_WINDOW_MS);
    const active = ids.filter((id) => pool.get(id) !== undefined);
    user.complete = true;
    memory.replaceSeen(user, [...user.seen, ...active]);
  }

  /** Candidates not known to be seen, those with fresh topics first; empty when there is none at all. */
  async function find(
    userId: string,
    user: RememberedUser,
    filter: PoolFilter,
    exclude: ReadonlySet<string>,
  ): Promise<PoolEntry[]> {
    const filterKey = `${filter.topicId ?? ""}|${filter.difficulty ?? ""}|${filter.maxParticipants ?? ""}`;
    if (user.exhausted?.version === pool.version && user.exhausted.filter === filterKey) return [];
    const nowMs = clock.nowMs();
    const isOpen = ({ id, expiresAtMs }: PoolEntry) =>
      expiresAtMs > nowMs && !user.seen.has(id) && !exclude.has(id);
    const isFresh = ({ topicId }: PoolEntry) => !user.topics.includes(topicId);

    if (pool.count(filter) === 0) return [];
    if (user.complete && user.seen.size > 2 * pool.size) {
      memory.replaceSeen(
        user,
        [...user.seen].filter((id) => pool.get(id) !== undefined),
      );
    }
    let open = pool.sample(filter, rng, CANDIDATES).filter(isOpen);
    if (open.length === 0) {
      if (!user.complete) await loadSeen(userId, user);
      const all: PoolEntry[] = [];
      for (const entry of pool.iterate(filter)) if (isOpen(entry)) all.push(entry);
      const fresh = all.filter(isFresh);
      open = all.length === 0 ? [] : [pick(rng, fresh.length > 0 ? fresh : all)];
      if (all.length === 0 && exclude.size === 0) {
        user.exhausted = { version: pool.version, filter: filterKey };
      }
    }
    return [...open.filter(isFresh), ...open.filter((entry) => !isFresh(entry))];
  }

  function toFilter(wish: Wish, capacity: number): PoolFilter {
    const maxParticipants = Math.min(capacity, MAX_SLOTS);
    return { topicId: wish.topicId, difficulty: wish.difficulty, maxParticipants };
  }

  async function choose(request: ChooseRequest): Promise<PoolEntry | null> {
    if (request.capacity < MIN_SLOTS) return null;
    const user = await recall(request.userId);
    const filter = toFilter(request, request.capacity);
    for (;;) {
      const found = await find(request.userId, user, filter, request.exclude ?? new Set());
      if (found.length === 0) return null;
      const checked = found.slice(0, CHECKED_AT_ONCE);
      const ids = checked.map(({ id }) => id);
      const seen = await views.hasSeen(request.userId, ids);
      const entry = checked.find(({ id }) => !seen.has(id));
      if (entry !== undefined) return entry;
      for (const id of ids) memory.noteSeen(user, id);
      if (!user.complete) await loadSeen(request.userId, user);
    }
  }

  async function take(request: TakeRequest): Promise<Taken | null> {
    const { userId, chatlings } = request;
    if (chatlings.length < MIN_SLOTS) return null;
    const user = await recall(userId);
    const filter = toFilter(request, chatlings.length);
    const unusable = new Set<string>();
    let duplicates = 0;
    for (;;) {
      let found = await find(userId, user, filter, unusable);
      if (found.length === 0) return null;
      while (found.length > 0) {
        const [entry, ...others] = found as [PoolEntry, ...PoolEntry[]];
        found = others;
        const conversation = await conversations.get(entry.id);
        const cast = conversation && castConversation(conversation.roles, chatlings, rng);
        if (!conversation || !cast) {
          // What the store does not have any more is no part of the pool either.
          if (!conversation) pool.remove(entry.id);
          unusable.add(entry.id);
          continue;
        }
        const recorded = await views.record(toStoredView(userId, conversation, cast, clock.nowMs()));
        memory.noteSeen(user, entry.id);
        if (recorded) {
          memory.noteTopic(user, entry.topicId);
          return { conversation, cast };
        }
        duplicates++;
        if (user.complete) continue;
        if (duplicates === DUPLICATES_BEFORE_LOADING) {
          await loadSeen(userId, user);
          found = [];
        } else if (duplicates === 1 && found.length > 0) {
          const seen = await views.hasSeen(
            userId,
            found.map(({ id }) => id),
          );
          for (const id of seen) memory.noteSeen(user, id);
          found = found.filter(({ id }) => !seen.has(id));
        }
      }
    }
  }

  return {
    choose,
    take,
    noteView({ userId, conversationId, topicId }) {
      const user = memory.get(userId);
      if (user === undefined) return;
      memory.noteSeen(user, conversationId);
      memory.noteTopic(user, topicId);
    },
    forget: (userId) => memory.forget(userId),
  };
}
