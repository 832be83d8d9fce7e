import { StoredUniqueConversation } from "#schema/stored/unique-conversation.ts";
import type { Store } from "../collection.ts";
import { defineCollection } from "../define-collection.ts";

const declaration = defineCollection({
  name: "uniqueConversations",
  version: 1,
  record: StoredUniqueConversation,
  indexes: {
    byUser: { fields: ["userId", "isGiven", "expiresAtMs"] },
    byExpiry: { fields: ["expiresAtMs"] },
  },
});

export interface UniqueConversationRecords {
  insert(conversation: StoredUniqueConversation): Promise<void>;
  get(id: string): Promise<StoredUniqueConversation | null>;
  /** The user's latest that has not been given and is not over. */
  ready(userId: string, nowMs: number): Promise<StoredUniqueConversation | null>;
  /** False when it was given before, or is gone: of several who ask at once, on whatever processes, one gets it. */
  give(id: string): Promise<boolean>;
  iterateByUser(userId: string): AsyncIterable<StoredUniqueConversation>;
  deleteByUser(userId: string): Promise<number>;
  expire(nowMs: number): Promise<number>;
}

export async function openUniqueConversations(store: Store): Promise<UniqueConversationRecords> {
  const conversations = await store.collection(declaration);
  return {
    insert: (conversation) => conversations.insert(conversation),
    get: (id) => conversations.get(id),
    async ready(userId, nowMs) {
      const query = {
        index: "byUser",
        equals: { userId, isGiven: false },
        range: { gt: nowMs },
        reverse: true,
      } as const;
      const { items } = await conversations.find(query, { limit: 1, paged: false });
      return items[0] ?? null;
    },
    async give(id) {
      return (await conversations.patch(id, { set: { isGiven: true } }, { isGiven: false })) !== null;
    },
    iterateByUser: (userId) => conversations.iterate({ index: "byUser", equals: { userId } }),
    deleteByUser: async (userId) => await conversations.deleteWhere({ index: "byUser", equals: { userId } }),
    expire: async (nowMs) => await conversations.deleteWhere({ index: "byExpiry", range: { lte: nowMs } }),
  };
}
