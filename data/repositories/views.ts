import { StoredView, toSeenId, toViewId } from "#schema/stored/view.ts";
import type { Store } from "../collection.ts";
import { defineCollection } from "../define-collection.ts";
import { DuplicateKeyError } from "../errors.ts";

const declaration = defineCollection({
  name: "views",
  version: 1,
  record: StoredView,
  indexes: {
    // The topic only spares reading whole records.
    byUserTime: { fields: ["userId", "viewedAtMs", "topicId"] },
    byExpiry: { fields: ["expiresAtMs"] },
  },
});

/** Four times as many as a pool brings forth in a day. */
const SEEN_AT_MOST = 10_000;

export interface Views {
  /** Notes that the user was given the conversation; false when that is known already. This decides every race. */
  record(view: StoredView): Promise<boolean>;
  /** Those of the conversations the user has seen. */
  hasSeen(userId: string, conversationIds: readonly string[]): Promise<Set<string>>;
  /** What the user saw last, newest first. */
  latest(userId: string, limit: number): Promise<Pick<StoredView, "conversationId" | "topicId">[]>;
  /** The same, as whole records. */
  recent(userId: string, limit: number): Promise<StoredView[]>;
  /** Ids of the conversations the user has seen since then, newest first, 10,000 at most. */
  seenIds(userId: string, sinceMs: number): Promise<string[]>;
  /** All of the user's, oldest first. */
  iterateByUser(userId: string): AsyncIterable<StoredView>;
  deleteByUser(userId: string): Promise<number>;
  expire(nowMs: number): Promise<number>;
}

export async function openViews(store: Store): Promise<Views> {
  const views = await store.collection(declaration);
  return {
    async record(view) {
      // Whatever id it came with, one made of both is what makes it unique.
      const id = toViewId(view.userId, view.conversationId);
      try {
        await views.insert({ ...view, id });
        return true;
      } catch (error) {
        if (error instanceof DuplicateKeyError) return false;
        throw error;
      }
    },
    async hasSeen(userId, conversationIds) {
      const found = await views.getMany(conversationIds.map((id) => toViewId(userId, id)));
      return new Set(found.map(({ conversationId }) => conversationId));
    },
    async latest(userId, limit) {
      const query = { index: "byUserTime", equals: { userId }, reverse: true } as const;
      const { items } = await views.findFields(query, ["topicId"], { limit, paged: false });
      return items.map(({ id, topicId }) => ({ conversationId: toSeenId(userId, id), topicId }));
    },
    async recent(userId, limit) {
      const query = { index: "byUserTime", equals: { userId }, reverse: true } as const;
      return (await views.find(query, { limit })).items;
    },
    async seenIds(userId, sinceMs) {
      const query = {
        index: "byUserTime",
        equals: { userId },
        range: { gte: sinceMs },
        reverse: true,
      } as const;
      const options = { limit: SEEN_AT_MOST, paged: false };
      const { items } = await views.findFields(query, [], options);
      return items.map(({ id }) => toSeenId(userId, id));
    },
    iterateByUser: (userId) => views.iterate({ index: "byUserTime", equals: { userId } }),
    deleteByUser: async (userId) => await views.deleteWhere({ index: "byUserTime", equals: { userId } }),
    expire: async (nowMs) => await views.deleteWhere({ index: "byExpiry", range: { lte: nowMs } }),
  };
}
