import { type PoolEntry, StoredConversation } from "#schema/stored/conversation.ts";
import type { InsertManyResult, Page, Store } from "../collection.ts";
import { defineCollection } from "../define-collection.ts";
import { type PageRequest, toFindOptions } from "./page-request.ts";
import { openTombstones } from "./tombstones.ts";

const declaration = defineCollection({
  name: "conversations",
  version: 1,
  record: StoredConversation,
  indexes: {
    byBatchSlot: { fields: ["batchSlot"], unique: true },
    byCreation: { fields: ["createdAtMs"] },
    byExpiry: { fields: ["expiresAtMs"] },
    // Holds the counts, so that adding them up reads no conversation. Apart from byExpiry, as a count that changes
    // between two pages moves its record, and the pool must miss none.
    byCount: { fields: ["expiresAtMs", "viewCount"] },
  },
});

const ENTRY_FIELDS = [
  "id",
  "createdAtMs",
  "expiresAtMs",
  "topicId",
  "participantCount",
  "difficulty",
] as const satisfies readonly (keyof PoolEntry)[];

const ENTRIES_AT_ONCE = 500;
/** More than a batch has slots. */
const MOST_SLOTS = 1_000;

export interface Conversations {
  /** Leaves out those whose id or batch slot exists already. */
  insertMany(conversations: readonly StoredConversation[]): Promise<InsertManyResult>;
  get(id: string): Promise<StoredConversation | null>;
  /** Newest first. */
  list(request: PageRequest): Promise<Page<StoredConversation>>;
  /** Takes it out of the pool and leaves a tombstone; false when it is gone already. */
  remove(id: string, nowMs: number): Promise<boolean>;
  /** The tags of all that have not expired, soonest to expire first. */
  iterateActiveEntries(nowMs: number): AsyncIterable<PoolEntry>;
  /** Those created at or after that moment, oldest first. */
  createdAfter(createdAtMs: number, limit: number): Promise<Pick<PoolEntry, "id" | "createdAtMs">[]>;
  /** Those that are there. */
  getMany(ids: readonly string[]): Promise<StoredConversation[]>;
  /** Those removed since then, oldest first. */
  tombstonesAfter(sinceMs: number): Promise<{ conversationId: string; removedAtMs: number }[]>;
  /** Deletes what has expired, and tombstones nobody needs any more; returns how many conversations. */
  expire(nowMs: number): Promise<number>;
  /** Adds to the view counts; ids that are gone are left out. */
  addViews(counts: ReadonlyMap<string, number>): Promise<void>;
  /** The counts of all that have not expired. */
  iterateViewCounts(nowMs: number): AsyncIterable<Pick<StoredConversation, "id" | "viewCount">>;
  /** The batch slots of an hour ("2026-11-21T07") that are written. */
  batchSlotsOfHour(hour: string): Promise<Set<string>>;
  countByHour(hour: string): Promise<number>;
}

export async function openConversations(store: Store): Promise<Conversations> {
  const conversations = await store.collection(declaration);
  const tombstones = await openTombstones(store);
  // "#" stands between hour and number, and "$" is the next character.
  const ofHour = (hour: string) => {
    return { index: "byBatchSlot", range: { gte: `${hour}#`, lt: `${hour}$` } } as const;
  };
  async function* iterateActive<F extends keyof StoredConversation>(
    index: "byExpiry" | "byCount",
    nowMs: number,
    fields: readonly F[],
  ) {
    const query = { index, range: { gt: nowMs } } as const;
    for (let cursor: string | undefined; ;) {
      const options = toFindOptions({ limit: ENTRIES_AT_ONCE, cursor });
      const { items, nextCursor } = await conversations.findFields(query, fields, options);
      yield* items;
      if (nextCursor === undefined) return;
      cursor = nextCursor;
    }
  }

  return {
    insertMany: async (records) => await conversations.insertMany(records),
    get: async (id) => await conversations.get(id),
    list: async (request) => {
      return await conversations.find({ index: "byCreation", reverse: true }, toFindOptions(request));
    },
    async remove(id, nowMs) {
      if (!(await conversations.get(id))) return false;
      await tombstones.record(id, nowMs);
      return await conversations.delete(id);
    },
    iterateActiveEntries: (nowMs) => iterateActive("byExpiry", nowMs, ENTRY_FIELDS),
    iterateViewCounts: (nowMs) => iterateActive("byCount", nowMs, ["viewCount"]),
    async createdAfter(createdAtMs, limit) {
      const query = { index: "byCreation", range: { gte: createdAtMs } } as const;
      return (await conversations.findFields(query, ["createdAtMs"], { limit })).items;
    },
    getMany: async (ids) => await conversations.getMany(ids),
    tombstonesAfter: async (sinceMs) => await tombstones.after(sinceMs),
    async expire(nowMs) {
      await tombstones.expire(nowMs);
      return await conversations.deleteWhere({ index: "byExpiry", range: { lte: nowMs } });
    },
    async addViews(counts) {
      const changes = [...counts].map(([id, count]) =>
        conversations.patch(id, { increment: { viewCount: count } }),
      );
      await Promise.all(changes);
    },
    async batchSlotsOfHour(hour) {
      const { items } = await conversations.findFields(ofHour(hour), ["batchSlot"], { limit: MOST_SLOTS });
      return new Set(items.map(({ batchSlot }) => batchSlot));
    },
    countByHour: async (hour) => await conversations.count(ofHour(hour)),
  };
}
