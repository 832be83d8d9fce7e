import { randomBytes } from "node:crypto";

/**
 * 128 random bits as 22 characters that need no escaping anywhere. A third shorter than a UUID: the ids of users stand
 * in the keys of everything of theirs, views above all.
 */
export function newId(): string {
  return randomBytes(16).toString("base64url");
}
