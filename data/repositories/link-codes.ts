import { StoredLinkCode } from "#schema/stored/link-code.ts";
import type { Store } from "../collection.ts";
import { defineCollection } from "../define-collection.ts";

const declaration = defineCollection({
  name: "linkCodes",
  version: 1,
  record: StoredLinkCode,
  indexes: { byUser: { fields: ["userId"] }, byExpiry: { fields: ["expiresAtMs"] } },
});

export interface LinkCodes {
  /** Keeps a user's new code in place of an older one, and drops everybody's expired ones. */
  replace(code: StoredLinkCode): Promise<void>;
  /** The code, taken away: of several who take it at once, on whatever processes, one gets it. */
  take(id: string, nowMs: number): Promise<StoredLinkCode | null>;
  deleteByUser(userId: string): Promise<number>;
}

export async function openLinkCodes(store: Store): Promise<LinkCodes> {
  const codes = await store.collection(declaration);
  const deleteByUser = async (userId: string): Promise<number> =>
    await codes.deleteWhere({ index: "byUser", equals: { userId } });
  return {
    async replace(code) {
      await codes.deleteWhere({ index: "byExpiry", range: { lte: code.createdAtMs } });
      await deleteByUser(code.userId);
      await codes.insert(code);
    },
    async take(id, nowMs) {
      const code = await codes.get(id);
      if (!code || code.expiresAtMs <= nowMs) return null;
      return (await codes.delete(id)) ? code : null;
    },
    deleteByUser,
  };
}
