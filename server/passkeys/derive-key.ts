import { hkdfSync } from "node:crypto";

/** A key of 32 bytes for one purpose alone, the same on every process that has the secret. */
export function deriveKey(secret: Uint8Array, purpose: string): Buffer {
  return Buffer.from(hkdfSync("sha256", secret, "", `parley ${purpose}`, 32));
}
