import type { PoolEntry, StoredConversation } from "#schema/stored/conversation.ts";
import { toViewId, type StoredView } from "#schema/stored/view.ts";
import { MAX_SLOTS, MIN_SLOTS, type Difficulty } from "#schema/vocabulary.ts";
import type { Clock } from "../clock.ts";
import { pick, type Rng } from "../rng.ts";
import type { ActivePool, PoolFilter, WrittenArms } from "./active-pool.ts";
import { castConversation, type CastChatling, type CastMember } from "./casting.ts";
import type { ConversationReader, ViewsPort } from "./ports.ts";
import type { UniqueConversations } from "./unique-conversations.ts";
import { createUserMemory, RECENT_TOPICS, type RememberedUser } from "./user-memory.ts";

interface Wish {
  readonly userId: string;
  readonly topicId?: string | undefined;
  readonly difficulty?: Difficulty | undefined;
}

/** What is looked for, and for whom. */
interface Search {
  readonly userId: string;
  readonly user: RememberedUser;
  readonly filter: PoolFilter;
  /** Conversations of the user's arms, which are drawn from first. */
  readonly preferred: Pick<ActivePool, "sample"> | undefined;
  readonly exclude: ReadonlySet<string>;
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
  /** While experiments try ways of writing: which users are to be offered which conversations first. */
  readonly arms?: Pick<WrittenArms, "ofUser"> | undefined;
  /** While experiments compare shared conversations with ones for a user alone, who is given those first. */
  readonly unique?: Pick<UniqueConversations, "take"> | undefined;
  readonly views: ViewsPort;
  readonly conversations: ConversationReader;
  readonly clock: Clock;
  readonly rng: Rng;
}

/** Drawn at most: one with a fresh topic is nearly always among them. */
const CANDIDATES = 12;
/** A look-up costs per conversation, and the first is nearly always unseen. */
const CHECKED_AT_ONCE = 4;
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
 * For users of an arm there are two draws, of which the first is from what was written for it.
 */
export function createChooser(deps: ChooserDeps): Chooser {
  const { pool, arms, unique, views, conversations, clock, rng } = deps;
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

  /** Candidates not known to be seen, those of fresh topics first and at most so many; empty for none at all. */
  async function find(search: Search, wanted: number): Promise<PoolEntry[]> {
    const { user, filter, preferred } = search;
    if (user.exhausted?.version === pool.version && user.exhausted.filter === toKey(filter)) return [];
    if (user.complete && user.seen.size > 2 * pool.size) {
      const active = [...user.seen].filter((id) => pool.get(id) !== undefined);
      memory.replaceSeen(user, active);
    }
    for (const source of preferred ? [preferred, pool] : [pool]) {
      const found = draw(source, search, wanted);
      if (found.length > 0) return found;
    }
    return findAmongAll(search);
  }

  function draw(source: Pick<ActivePool, "sample">, search: Search, wanted: number): PoolEntry[] {
    const { user, filter } = search;
    const fresh: PoolEntry[] = [];
    const stale: PoolEntry[] = [];
    for (const entry of source.sample(filter, rng, CANDIDATES)) {
      if (isOpen(entry, search)) (isFresh(entry, user) ? fresh : stale).push(entry);
      if (fresh.length === wanted) return fresh;
    }
    return [...fresh, ...stale].slice(0, wanted);
  }

  /** For who has seen nearly everything: one of all that are left. */
  async function findAmongAll(search: Search): Promise<PoolEntry[]> {
    const { userId, user, filter, exclude } = search;
    if (pool.count(filter) === 0) return [];
    if (!user.complete) await loadSeen(userId, user);
    const open = [...pool.iterate(filter)].filter((entry) => isOpen(entry, search));
    if (open.length === 0) {
      if (exclude.size === 0) user.exhausted = { version: pool.version, filter: toKey(filter) };
      return [];
    }
    const fresh = open.filter((entry) => isFresh(entry, user));
    return [pick(rng, fresh.length > 0 ? fresh : open)];
  }

  function isOpen({ id, expiresAtMs }: PoolEntry, { user, exclude }: Search): boolean {
    return expiresAtMs > clock.nowMs() && !user.seen.has(id) && !exclude.has(id);
  }

  /** A candidate of which the store says that it is not seen. */
  async function findUnseen(search: Search): Promise<PoolEntry | null> {
    const { userId, user } = search;
    for (;;) {
      const found = await find(search, CHECKED_AT_ONCE);
      if (found.length === 0) return null;
      const ids = found.map(({ id }) => id);
      const seen = await views.hasSeen(userId, ids);
      const entry = found.find(({ id }) => !seen.has(id));
      if (entry !== undefined) return entry;
      for (const id of ids) memory.noteSeen(user, id);
      if (!user.complete) await loadSeen(userId, user);
    }
  }

  async function openSearch(wish: Wish, capacity: number, exclude: ReadonlySet<string>): Promise<Search> {
    const { userId, topicId, difficulty } = wish;
    const filter = { topicId, difficulty, maxParticipants: Math.min(capacity, MAX_SLOTS) };
    const preferred = arms && pool.ofArms(arms.ofUser(userId));
    return { userId, user: await recall(userId), filter, preferred, exclude };
  }

  async function choose({
    capacity,
    exclude = new Set(),
    ...wish
  }: ChooseRequest): Promise<PoolEntry | null> {
    if (capacity < MIN_SLOTS) return null;
    return findUnseen(await openSearch(wish, capacity, exclude));
  }

  async function takeOwn(
    from: Pick<UniqueConversations, "take">,
    { chatlings, ...wish }: TakeRequest,
  ): Promise<Taken | null> {
    const conversation = await from.take({ ...wish, capacity: chatlings.length });
    const cast = conversation && castConversation(conversation.roles, chatlings, rng);
    if (!conversation || !cast) return null;
    const user = await recall(wish.userId);
    await views.record(toStoredView(wish.userId, conversation, cast, clock.nowMs()));
    memory.noteTopic(user, conversation.topicId);
    return { conversation, cast };
  }

  async function take({ chatlings, ...wish }: TakeRequest): Promise<Taken | null> {
    if (chatlings.length < MIN_SLOTS) return null;
    const own = unique && (await takeOwn(unique, { chatlings, ...wish }));
    if (own) return own;
    const unusable = new Set<string>();
    const search = await openSearch(wish, chatlings.length, unusable);
    const { userId, user } = search;
    // The first is nearly always unseen, and recording it tells; only when it was not is the store asked before.
    let isAsked = false;
    for (;;) {
      const entry = isAsked ? await findUnseen(search) : (await find(search, 1))[0];
      if (!entry) return null;
      const conversation = await conversations.get(entry.id);
      const cast = conversation && castConversation(conversation.roles, chatlings, rng);
      if (!conversation || !cast) {
        // What the store does not have any more is no part of the pool either.
        if (!conversation) pool.remove(entry.id);
        unusable.add(entry.id);
        continue;
      }
      const isNew = await views.record(toStoredView(userId, conversation, cast, clock.nowMs()));
      memory.noteSeen(user, entry.id);
      if (isNew) {
        memory.noteTopic(user, entry.topicId);
        return { conversation, cast };
      }
      isAsked = true;
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

const isFresh = ({ topicId }: PoolEntry, user: RememberedUser): boolean => !user.topics.includes(topicId);

const toKey = ({ topicId, difficulty, maxParticipants }: PoolFilter): string =>
  `${topicId ?? ""}|${difficulty ?? ""}|${maxParticipants ?? ""}`;
