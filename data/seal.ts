import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { StoreCorruptError } from "./errors.ts";

/** Where a sealed value belongs; it cannot be opened anywhere else. */
export interface SealPlace {
  readonly collection: string;
  readonly id: string;
  readonly field: string;
}

/** A 256-bit key and the name that envelopes made with it carry. */
export interface SealKey {
  readonly id: string;
  readonly key: Buffer;
}

const ALGORITHM = "aes-256-gcm";
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * An envelope "1.<key id>.<nonce, ciphertext, tag in base64url>": AES-256-GCM under a random nonce, bound to its
 * place by associated data.
 */
export function sealText({ id, key }: SealKey, place: SealPlace, text: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, iv).setAAD(toAssociatedData(place));
  const body = Buffer.concat([iv, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return `1.${id}.${body.toString("base64url")}`;
}

/**
 * The text of an envelope, or null when it was made with another key (one since shredded).
 * @throws StoreCorruptError when it is damaged, forged or out of its place
 */
export function openText({ id, key }: SealKey, place: SealPlace, envelope: unknown): string | null {
  const [version, keyId, body = ""] = typeof envelope === "string" ? envelope.split(".") : [];
  if (version !== "1") throw new StoreCorruptError(`${place.collection}.${place.field} holds no envelope`);
  if (keyId !== id) return null;
  const bytes = Buffer.from(body, "base64url");
  try {
    const iv = bytes.subarray(0, IV_BYTES);
    const decipher = createDecipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES })
      .setAAD(toAssociatedData(place))
      .setAuthTag(bytes.subarray(-TAG_BYTES));
    return decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES), undefined, "utf8") + decipher.final("utf8");
  } catch (cause) {
    throw new StoreCorruptError(`an envelope in ${place.collection}.${place.field} is damaged`, { cause });
  }
}

/** Whether a value has the form of an envelope. */
export function isEnvelope(value: unknown): boolean {
  return typeof value === "string" && /^1\.[\w-]+\.[\w-]+$/.test(value);
}

function toAssociatedData({ collection, id, field }: SealPlace): Buffer {
  return Buffer.from(JSON.stringify([collection, id, field]));
}
