import { hkdfSync } from "node:crypto";
import type { SealKey } from "./seal.ts";

/** What is derived from DATA_KEY; the key itself is used for nothing else. */
export interface MasterKey {
  /** Seals the users' data keys. */
  readonly wrapping: SealKey;
  /** Tells keys apart without telling the key; kept in the store. */
  readonly fingerprint: string;
  /** For word hashes of the whole store (HKDF-SHA-256 with collection and field). */
  wordsKey(collection: string, field: string): Buffer;
}

/** @throws RangeError when the key has fewer than 32 bytes */
export function createMasterKey(dataKey: Buffer): MasterKey {
  if (dataKey.length < 32) throw new RangeError("DATA_KEY must have at least 32 bytes");
  const fingerprint = derive(dataKey, "fingerprint").subarray(0, 12).toString("base64url");
  return {
    wrapping: { id: fingerprint, key: derive(dataKey, "wrapping of data keys") },
    fingerprint,
    wordsKey: (collection, field) => deriveWordsKey(dataKey, collection, field),
  };
}

/** The key of the word hashes of one sealed field, from DATA_KEY or from its owner's data key. */
export function deriveWordsKey(key: Buffer, collection: string, field: string): Buffer {
  return derive(key, JSON.stringify(["words", collection, field]));
}

function derive(key: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync("sha256", key, "", `parley ${purpose}`, 32));
}
