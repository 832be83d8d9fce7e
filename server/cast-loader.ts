import { LRUCache } from "lru-cache";
import type { CastSheetEntry } from "#schema/stored/cast-sheet.ts";
import type { StoredChatling } from "#schema/stored/chatling.ts";
import { toCastChatling, type CastChatling } from "#ai/pool/casting.ts";

export interface CastLoader {
  /** The user's active chatlings, ready to be cast. */
  load(userId: string): Promise<readonly CastChatling[]>;
  /** To be called when a collection changed. */
  forget(userId: string): void;
}

export interface CastSource {
  listByOwner(ownerId: string): Promise<StoredChatling[]>;
  readonly sheets: {
    read(ownerId: string): Promise<{ revision: number; entries: readonly CastSheetEntry[] | null }>;
    keep(ownerId: string, revision: number, entries: readonly CastSheetEntry[]): Promise<void>;
  };
}

/** How long another process may go on casting from a collection that changed here, should it not hear of it. */
const REMEMBER_MS = 60_000;
const TRAIT_LISTS_SHARED = 5000;

/** Reads collections for casting, from their sheet where there is one, and remembers the latest. */
export function createCastLoader(chatlings: CastSource): CastLoader {
  const casts = new LRUCache<string, readonly CastChatling[]>({ max: 20_000, ttl: REMEMBER_MS });
  const underWay = new Map<string, Promise<readonly CastChatling[]>>();
  const traitLists = new Map<string, readonly string[]>();

  /** One list for all chatlings with the same traits, as scores are remembered by list. */
  function share(traits: readonly string[]): readonly string[] {
    const key = traits.join(" ");
    const shared = traitLists.get(key);
    if (shared) return shared;
    // To begin anew costs less than to note which was used last.
    if (traitLists.size === TRAIT_LISTS_SHARED) traitLists.clear();
    traitLists.set(key, traits);
    return traits;
  }

  async function read(userId: string): Promise<readonly CastChatling[]> {
    const { revision, entries } = await chatlings.sheets.read(userId);
    if (entries) return entries.map((entry) => ({ ...entry, traits: share(entry.traits) }));
    const owned = await chatlings.listByOwner(userId);
    const cast = owned.filter((chatling) => chatling.active).map(toCastChatling);
    const sheet = cast.map((chatling) => ({ ...chatling, traits: [...chatling.traits] }));
    // Nothing depends on the sheet: without it the next one reads the collection as this one did.
    chatlings.sheets.keep(userId, revision, sheet).catch(() => {});
    return cast;
  }

  async function readAndRemember(userId: string): Promise<readonly CastChatling[]> {
    const reading = read(userId);
    underWay.set(userId, reading);
    try {
      const cast = await reading;
      // What changed while it was read is not remembered as it was.
      if (underWay.get(userId) === reading) casts.set(userId, cast);
      return cast;
    } finally {
      if (underWay.get(userId) === reading) underWay.delete(userId);
    }
  }

  return {
    load: async (userId) => casts.get(userId) ?? underWay.get(userId) ?? readAndRemember(userId),
    forget(userId) {
      casts.delete(userId);
      underWay.delete(userId);
    },
  };
}
