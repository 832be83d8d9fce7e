import type { StoredUniqueConversation } from "#schema/stored/unique-conversation.ts";
import type { UniqueRecords } from "./unique-conversations.ts";

/** Users' own conversations in memory, for tests. */
export function createUniqueRecords(): UniqueRecords & {
  readonly records: Map<string, StoredUniqueConversation>;
} {
  const records = new Map<string, StoredUniqueConversation>();
  return {
    records,
    insert: async (conversation) => void records.set(conversation.id, conversation),
    ready: async (userId, nowMs) =>
      [...records.values()].findLast(
        (each) => each.userId === userId && !each.isGiven && each.expiresAtMs > nowMs,
      ) ?? null,
    async give(id) {
      const known = records.get(id);
      if (!known || known.isGiven) return false;
      records.set(id, { ...known, isGiven: true });
      return true;
    },
  };
}
