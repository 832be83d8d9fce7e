import type { StoredBatch } from "#schema/stored/batch.ts";
import type { PoolEntry, StoredConversation } from "#schema/stored/conversation.ts";
import type { StoredTopic } from "#schema/stored/topic.ts";
import type { StoredView } from "#schema/stored/view.ts";
import type { StoredViewingHour } from "#schema/stored/viewing-hour.ts";

/** What the pool asks of whoever stores things. Times are Unix milliseconds. */

/** Views: which user has seen which conversation. */
export interface ViewsPort {
  /** False when this user has this conversation's view already; that decides every race. */
  record(view: StoredView): Promise<boolean>;
  /** Those of `conversationIds` that the user has seen. */
  hasSeen(userId: string, conversationIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** The user's latest views, newest first. */
  recent(userId: string, limit: number): Promise<readonly Pick<StoredView, "conversationId" | "topicId">[]>;
  /** Ids of the conversations the user has seen since then. */
  seenIds(userId: string, sinceMs: number): Promise<readonly string[]>;
}

/** Reading one conversation whole. */
export interface ConversationReader {
  get(id: string): Promise<StoredConversation | null>;
}

/** Writing a batch of conversations and telling what is there of it. */
export interface ConversationWriter {
  /** `duplicates`: ids left out because they or their `batchSlot` exist. */
  insertMany(
    conversations: readonly StoredConversation[],
  ): Promise<{ readonly inserted: number; readonly duplicates: readonly string[] }>;
  /** `batchSlot`s of that hour ("2026-11-21T07") which exist. */
  batchSlotsOfHour(hour: string): Promise<Iterable<string>>;
  /** Conversations somebody removed since then. */
  tombstonesAfter(sinceMs: number): Promise<readonly Tombstone[]>;
}

/** A conversation that was taken out of the pool before its time. */
export interface Tombstone {
  readonly conversationId: string;
  readonly removedAtMs: number;
}

/** That a conversation was stored, and when. */
export type Created = Pick<PoolEntry, "id" | "createdAtMs">;

/** Following what other processes put into the pool and took out of it. */
export interface ConversationFeed {
  iterateActiveEntries(nowMs: number): AsyncIterable<PoolEntry>;
  /** Those created at that time or later, oldest first. */
  createdAfter(createdAtMs: number, limit: number): Promise<readonly Created[]>;
  /** Those that are still there. */
  getMany(ids: readonly string[]): Promise<readonly StoredConversation[]>;
  tombstonesAfter(sinceMs: number): Promise<readonly Tombstone[]>;
}

/** View counts of conversations, to which every process adds. */
export interface ViewCountsPort {
  addViews(counts: ReadonlyMap<string, number>): Promise<unknown>;
  /** Of those that have not expired. */
  iterateViewCounts(nowMs: number): AsyncIterable<{ readonly id: string; readonly viewCount: number }>;
}

/** Hourly reports of all processes. */
export interface ViewingHoursPort {
  keep(hour: StoredViewingHour): Promise<unknown>;
  /** Those reported at that moment or later. */
  changedSince(updatedAtMs: number): Promise<readonly StoredViewingHour[]>;
}

/** Something that drops its outdated records and tells how many. */
export interface Expiring {
  expire(nowMs: number, signal: AbortSignal): Promise<number>;
}

/** Where conversations take their subjects from. */
export interface TopicsPort {
  /** The newest active ones that are not starters, newest first. */
  newestActive(limit: number): Promise<readonly StoredTopic[]>;
  /** All active starters. */
  activeStarters(): Promise<readonly StoredTopic[]>;
}

/** Accounts of the hourly batches, by which every process knows how generation fares. */
export interface BatchesPort {
  /** Adds to the hour's counts. */
  report(batch: StoredBatch): Promise<unknown>;
  recent(sinceMs: number): Promise<readonly StoredBatch[]>;
}

/** A right that one process holds at a time. */
export interface LeasesPort {
  /** True when `owner` holds it now until `nowMs + ttlMs`, be it taken, kept or renewed. */
  acquire(name: string, owner: string, nowMs: number, ttlMs: number): Promise<boolean>;
  release(name: string, owner: string): Promise<unknown>;
}
