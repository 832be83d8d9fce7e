import { LRUCache } from "lru-cache";
import type { StoredConversation } from "#schema/stored/conversation.ts";
import type { ActivePool } from "./active-pool.ts";
import type { ConversationReader } from "./ports.ts";

/** Ten times a usual pool; a conversation takes about 3 KB. */
const REMEMBERED = 25_000;

/**
 * The same reader, which reads and checks a conversation of the pool once for the thousands it is given to, and forgets
 * it when it leaves the pool. Conversations never change; only their view counts, as read here, grow old.
 */
export function rememberConversations(
  conversations: ConversationReader,
  pool: ActivePool,
  most = REMEMBERED,
): ConversationReader {
  const remembered = new LRUCache<string, StoredConversation>({ max: most });
  pool.subscribe((ids) => {
    for (const id of ids) remembered.delete(id);
  });
  return {
    async get(id) {
      const known = remembered.get(id);
      if (known !== undefined) return known;
      const conversation = await conversations.get(id);
      // It may have left the pool while it was read.
      if (conversation !== null && pool.get(id) !== undefined) remembered.set(id, conversation);
      return conversation;
    },
  };
}
