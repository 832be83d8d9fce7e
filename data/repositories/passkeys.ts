import { StoredPasskey } from "#schema/stored/passkey.ts";
import type { Store } from "../collection.ts";
import { defineCollection } from "../define-collection.ts";
import { DuplicateKeyError } from "../errors.ts";

const declaration = defineCollection({
  name: "passkeys",
  version: 1,
  record: StoredPasskey,
  indexes: { byUser: { fields: ["userId", "createdAtMs"] } },
  sealed: { owner: "userId", fields: ["label"] },
});

/** The most that one user may have. */
export const MAX_PASSKEYS = 10;

export interface Passkeys {
  /** False when the credential is known already, whoever's it is. */
  add(passkey: StoredPasskey): Promise<boolean>;
  /** By credential id, whoever's it is. */
  get(id: string): Promise<StoredPasskey | null>;
  /** All of a user's, oldest first. */
  listByUser(userId: string): Promise<StoredPasskey[]>;
  /**
   * Notes a use with this signature count; false when the count did not rise, as with a copied authenticator. Those
   * that do not count stay at 0.
   */
  recordUse(id: string, counter: number): Promise<boolean>;
  /** False when it is another's. */
  remove(userId: string, id: string): Promise<boolean>;
  deleteByUser(userId: string): Promise<number>;
}

export async function openPasskeys(store: Store): Promise<Passkeys> {
  const passkeys = await store.collection(declaration);
  return {
    async add(passkey) {
      try {
        await passkeys.insert(passkey);
        return true;
      } catch (error) {
        if (error instanceof DuplicateKeyError) return false;
        throw error;
      }
    },
    get: async (id) => await passkeys.get(id),
    async listByUser(userId) {
      const query = { index: "byUser", equals: { userId } } as const;
      return (await passkeys.find(query, { limit: 2 * MAX_PASSKEYS })).items;
    },
    async recordUse(id, counter) {
      // One change under a condition: of two uses with the same count one is refused, on whatever processes.
      const condition = { counter: counter === 0 ? 0 : { lt: counter } };
      return (await passkeys.patch(id, { set: { counter } }, condition)) !== null;
    },
    remove: async (userId, id) => await passkeys.delete(id, { userId }),
    deleteByUser: async (userId) => await passkeys.deleteWhere({ index: "byUser", equals: { userId } }),
  };
}
