import { setImmediate as nextTurn } from "node:timers/promises";
import type { StoredUniqueConversation } from "#schema/stored/unique-conversation.ts";
import { MIN_SLOTS } from "#schema/vocabulary.ts";
import type { Clock } from "../clock.ts";
import type { PoolLog } from "./pool-log.ts";
import { suits, type UniqueWish, type WriteUnique } from "./unique-writer.ts";

/** Conversations written for one user alone, where an experiment compares them with shared ones. */
export interface UniqueConversations {
  /** A user sat down: one is written for them, unless one is there. */
  enter(wish: UniqueWish): void;
  /** They rose; what was not begun for them is not written. */
  leave(userId: string): void;
  /** Whether one is known to wait for a user who has a seat. */
  hasOne(userId: string): boolean;
  /**
   * The one that waits for the user, if it is what is wished; nobody gets it again. Null for all who watch shared ones,
   * and while there is none. The next one is begun at once. @throws what the store throws
   */
  take(wish: UniqueWish): Promise<StoredUniqueConversation | null>;
  /** Drops what is known of a user who was erased, and ends what is being written for them. */
  forget(userId: string): void;
  /** Ends what is being written. */
  stop(): Promise<void>;
}

export interface UniqueRecords {
  insert(conversation: StoredUniqueConversation): Promise<unknown>;
  ready(userId: string, nowMs: number): Promise<StoredUniqueConversation | null>;
  give(id: string): Promise<boolean>;
}

export interface UniqueConversationsDeps {
  /** Whether the user is to watch unique ones. */
  readonly isUnique: (userId: string) => boolean;
  readonly records: UniqueRecords;
  readonly write: WriteUnique;
  readonly clock: Clock;
  readonly log: PoolLog;
}

const AT_ONCE = 4;
const WAITING_AT_MOST = 1000;
/** Who asked once without taking a seat is taken for gone after this. */
const PATIENCE_MS = 60_000;

interface Waiting {
  readonly wish: UniqueWish;
  readonly sinceMs: number;
}

interface Work {
  readonly ending: AbortController;
  readonly done: Promise<void>;
}

/** Writes one at a time for a user and four at once in all, in the background, giving way to everything else. */
export function createUniqueConversations(deps: UniqueConversationsDeps): UniqueConversations {
  const { isUnique, records, write, clock, log } = deps;
  const seats = new Map<string, number>();
  const ready = new Set<string>();
  const waiting = new Map<string, Waiting>();
  const working = new Map<string, Work>();
  let isStopped = false;

  function prepare(wish: UniqueWish): void {
    const { userId, capacity } = wish;
    if (isStopped || capacity < MIN_SLOTS || working.has(userId)) return;
    if (waiting.size >= WAITING_AT_MOST && !waiting.has(userId)) return;
    waiting.set(userId, { wish, sinceMs: clock.nowMs() });
    begin();
  }

  function begin(): void {
    for (const [userId, { wish, sinceMs }] of waiting) {
      if (working.size >= AT_ONCE) return;
      waiting.delete(userId);
      const isGone = !seats.has(userId) && clock.nowMs() - sinceMs > PATIENCE_MS;
      if (isGone) continue;
      const ending = new AbortController();
      working.set(userId, { ending, done: work(wish, ending.signal) });
    }
  }

  async function work(wish: UniqueWish, signal: AbortSignal): Promise<void> {
    try {
      await nextTurn();
      await provide(wish, signal);
    } catch (error) {
      if (!signal.aborted) log.warn({ error }, "a conversation for one viewer could not be written");
    }
    working.delete(wish.userId);
    begin();
  }

  /** Sees to it that one is there, be it one of before a restart or from another process. */
  async function provide(wish: UniqueWish, signal: AbortSignal): Promise<void> {
    const { userId } = wish;
    const known = await records.ready(userId, clock.nowMs());
    if (!known || !suits(known, wish)) {
      const conversation = await write(wish, signal);
      signal.throwIfAborted();
      if (!conversation) return;
      await records.insert({ ...conversation, userId, isGiven: false });
    }
    if (seats.has(userId) && !signal.aborted) ready.add(userId);
  }

  function drop(userId: string): void {
    seats.delete(userId);
    ready.delete(userId);
    waiting.delete(userId);
  }

  return {
    enter(wish) {
      if (!isUnique(wish.userId)) return;
      seats.set(wish.userId, (seats.get(wish.userId) ?? 0) + 1);
      prepare(wish);
    },
    leave(userId) {
      const left = (seats.get(userId) ?? 0) - 1;
      if (left > 0) seats.set(userId, left);
      else drop(userId);
    },
    hasOne: (userId) => ready.has(userId),
    async take(wish) {
      if (!isUnique(wish.userId)) return null;
      const found = await records.ready(wish.userId, clock.nowMs());
      const isTheirs = found !== null && suits(found, wish) && (await records.give(found.id));
      if (isTheirs) ready.delete(wish.userId);
      prepare(wish);
      return isTheirs ? found : null;
    },
    forget(userId) {
      drop(userId);
      working.get(userId)?.ending.abort(new Error("the user was erased"));
    },
    async stop() {
      isStopped = true;
      waiting.clear();
      const under = [...working.values()];
      for (const { ending } of under) ending.abort(new Error("the server is stopping"));
      await Promise.all(under.map(({ done }) => done));
    },
  };
}
