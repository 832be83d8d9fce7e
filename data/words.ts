import { createHmac } from "node:crypto";

/** Scripts written without spaces: each character counts as a word. */
const WORD =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]|[[\p{L}\p{N}]--[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]]+/gv;
const HASH_BYTES = 12;

/** The distinct words of a text, without case and accents. */
export function toWords(text: string): string[] {
  const plain = text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return [...new Set(plain.match(WORD))];
}

/** HMAC-SHA-256 of each word, shortened: equal words are found, and nothing else is learnt without the key. */
export function hashWords(key: Buffer, text: string): string[] {
  return toWords(text).map((word) => {
    return createHmac("sha256", key).update(word).digest().subarray(0, HASH_BYTES).toString("base64url");
  });
}
