import { LRUCache } from "lru-cache";
import type { StoredChatling } from "#schema/stored/chatling.ts";
import { toCastChatling, type CastChatling } from "#ai/pool/casting.ts";

export interface CastLoader {
  /** The user's active chatlings, ready to be cast. */
  load(userId: string): Promise<readonly CastChatling[]>;
  /** To be called when a collection changed in this process. */
  forget(userId: string): void;
}

/** How long another process may go on casting from a collection that changed here. */
const REMEMBER_MS = 60_000;

/** Reads collections for casting and remembers the latest; traits are derived once per reading. */
export function createCastLoader(chatlings: {
  listByOwner(ownerId: string): Promise<StoredChatling[]>;
}): CastLoader {
  const casts = new LRUCache<string, Promise<readonly CastChatling[]>>({ max: 20_000, ttl: REMEMBER_MS });

  async function read(userId: string): Promise<readonly CastChatling[]> {
    const owned = await chatlings.listByOwner(userId);
    return owned.filter((chatling) => chatling.active).map(toCastChatling);
  }

  return {
    load(userId) {
      const remembered = casts.get(userId);
      if (remembered) return remembered;
      const reading = read(userId);
      casts.set(userId, reading);
      // A failed reading must not be what everyone gets for the next minute.
      reading.catch(() => casts.delete(userId));
      return reading;
    },
    forget: (userId) => void casts.delete(userId),
  };
}
