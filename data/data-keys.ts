import { randomBytes } from "node:crypto";
import { LRUCache } from "lru-cache";
import type { Engine, RawRecord } from "./engine.ts";
import { DuplicateKeyError, WrongKeyError } from "./errors.ts";
import type { MasterKey } from "./master-key.ts";
import { openText, type SealKey, sealText } from "./seal.ts";

/** The users' data keys, each sealed under the master key in a collection of its own. */
export interface DataKeys {
  /** Keys of those of the users who have one. */
  find(userIds: readonly string[]): Promise<Map<string, SealKey>>;
  /** The user's key, made when there is none. */
  obtain(userId: string): Promise<SealKey>;
  /** Deletes the key: what it sealed is unreadable at once here, and within `KEPT_MS` in other processes. */
  shred(userId: string): Promise<void>;
}

/** An unwrapped key, its bytes in base64url. */
interface KeptKey {
  readonly id: string;
  readonly text: string;
}

const toSealKey = ({ id, text }: KeptKey): SealKey => ({ id, key: Buffer.from(text, "base64url") });

const COLLECTION = "dataKeys";
/** Enough for those who are at work together; no more secrets lie in memory than that. */
const KEPT = 1000;
const KEPT_MS = 60_000;

/** Opens the collection of data keys; unwrapped ones are kept in memory, a bounded number for a bounded time. */
export async function openDataKeys(engine: Engine, master: MasterKey): Promise<DataKeys> {
  const records = await engine.collection({ name: COLLECTION, indexes: [], kinds: {} });
  // As text: 32 bytes cut from Node's shared pool would each keep a whole block of it alive.
  const kept = new LRUCache<string, KeptKey>({ max: KEPT, ttl: KEPT_MS });
  const making = new Map<string, Promise<SealKey>>();
  // Counts shreddings, so that a read under way during one does not put a dead key back into memory.
  let shreddings = 0;

  const unwrap = ({ id, keyId, wrapped }: RawRecord): KeptKey => {
    const text = openText(master.wrapping, { collection: COLLECTION, id, field: "wrapped" }, wrapped);
    if (text === null) throw new WrongKeyError();
    return { id: String(keyId), text };
  };
  const find = async (userIds: readonly string[]) => {
    const found = new Map<string, SealKey>();
    const missing = new Set<string>();
    for (const userId of userIds) {
      const key = kept.get(userId);
      if (key) found.set(userId, toSealKey(key));
      else missing.add(userId);
    }
    if (missing.size === 0) return found;
    const before = shreddings;
    for (const record of await records.getMany([...missing])) {
      const key = unwrap(record);
      found.set(record.id, toSealKey(key));
      if (shreddings === before) kept.set(record.id, key);
    }
    return found;
  };

  const make = async (userId: string): Promise<SealKey> => {
    const key: KeptKey = {
      id: randomBytes(6).toString("base64url"),
      text: randomBytes(32).toString("base64url"),
    };
    const place = { collection: COLLECTION, id: userId, field: "wrapped" };
    const wrapped = sealText(master.wrapping, place, key.text);
    const before = shreddings;
    try {
      await records.insert({ id: userId, keyId: key.id, wrapped });
    } catch (error) {
      // Made by someone else meanwhile.
      if (error instanceof DuplicateKeyError) return await obtain(userId);
      throw error;
    }
    if (shreddings === before) kept.set(userId, key);
    return toSealKey(key);
  };
  const obtain = async (userId: string): Promise<SealKey> => {
    const existing = (await find([userId])).get(userId);
    if (existing) return existing;
    const underWay = making.get(userId) ?? make(userId).finally(() => making.delete(userId));
    making.set(userId, underWay);
    return await underWay;
  };

  return {
    find,
    obtain,
    async shred(userId) {
      shreddings++;
      kept.delete(userId);
      await records.delete(userId, []);
      await engine.scrub?.();
      shreddings++;
      kept.delete(userId);
    },
  };
}
