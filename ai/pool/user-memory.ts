import { LRUCache } from "lru-cache";

/** What is remembered of one user's recent choices; only ever a shortcut, the store decides. */
export interface RememberedUser {
  /** Latest topics first. */
  readonly topics: string[];
  /** Ids known to be seen: the latest ones, or all when `complete`. */
  seen: Set<string>;
  complete: boolean;
  /** Pool version and filter for which there was nothing left to see. */
  exhausted?: { readonly version: number; readonly filter: string };
}

export interface UserMemory {
  get(userId: string): RememberedUser | undefined;
  set(userId: string, user: RememberedUser): void;
  noteTopic(user: RememberedUser, topicId: string): void;
  noteSeen(user: RememberedUser, conversationId: string): void;
  replaceSeen(user: RememberedUser, conversationIds: Iterable<string>): void;
  forget(userId: string): void;
}

export const RECENT_TOPICS = 8;
const MAX_PARTIAL_SEEN = 64;

/** Remembers users, least recently used forgotten first, within a number of users and of ids in all. */
export function createUserMemory(maxUsers = 20_000, maxIds = 400_000): UserMemory {
  const users = new LRUCache<string, RememberedUser>({ max: maxUsers + 1 });
  const kept = new WeakSet<RememberedUser>();
  let ids = 0;

  function forget(userId: string): void {
    const user = users.get(userId);
    if (user === undefined) return;
    users.delete(userId);
    kept.delete(user);
    ids -= user.seen.size;
  }

  function trim(): void {
    while (users.size > maxUsers || (ids > maxIds && users.size > 1)) {
      const user = users.pop();
      if (user === undefined) return;
      kept.delete(user);
      ids -= user.seen.size;
    }
  }

  /** A user who was forgotten meanwhile, while somebody still works with the object, is no longer counted. */
  function count(user: RememberedUser, added: number): void {
    if (kept.has(user)) ids += added;
  }

  return {
    get(userId) {
      return users.get(userId);
    },
    set(userId, user) {
      forget(userId);
      users.set(userId, user);
      kept.add(user);
      ids += user.seen.size;
      trim();
    },
    noteTopic(user, topicId) {
      const at = user.topics.indexOf(topicId);
      if (at >= 0) user.topics.splice(at, 1);
      user.topics.unshift(topicId);
      if (user.topics.length > RECENT_TOPICS) user.topics.pop();
    },
    noteSeen(user, conversationId) {
      if (user.seen.has(conversationId)) return;
      user.seen.add(conversationId);
      count(user, 1);
      if (user.complete || user.seen.size <= MAX_PARTIAL_SEEN) return trim();
      for (const oldest of user.seen) {
        user.seen.delete(oldest);
        count(user, -1);
        break;
      }
    },
    replaceSeen(user, conversationIds) {
      count(user, -user.seen.size);
      user.seen = new Set(conversationIds);
      count(user, user.seen.size);
      trim();
    },
    forget,
  };
}
