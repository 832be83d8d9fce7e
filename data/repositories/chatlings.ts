import { StoredChatling } from "#schema/stored/chatling.ts";
import type { InsertManyResult, Store } from "../collection.ts";
import { defineCollection } from "../define-collection.ts";
import { type CastSheets, openCastSheets } from "./cast-sheets.ts";

const declaration = defineCollection({
  name: "chatlings",
  version: 1,
  record: StoredChatling,
  indexes: {
    byOwner: { fields: ["ownerId", "createdAtMs"] },
    byExternalId: { fields: ["ownerId", "externalId"], unique: true, sparse: true },
  },
  sealed: { owner: "ownerId", fields: ["name", "personality", "backstory"] },
});

/** The largest collection one user may have. */
export const MAX_CHATLINGS = 500;

type ChatlingChange = Partial<
  Pick<StoredChatling, "name" | "personality" | "backstory" | "active" | "favorite">
>;

export interface Chatlings {
  /** Sheets for casting; every change made here outdates its owner's. */
  readonly sheets: Pick<CastSheets, "read" | "keep">;
  insertMany(chatlings: readonly StoredChatling[]): Promise<InsertManyResult>;
  /** All of a user's, oldest first. */
  listByOwner(ownerId: string): Promise<StoredChatling[]>;
  countByOwner(ownerId: string): Promise<number>;
  /** Null when it is another's. */
  get(ownerId: string, id: string): Promise<StoredChatling | null>;
  /** Null when it is another's. */
  patch(ownerId: string, id: string, change: ChatlingChange): Promise<StoredChatling | null>;
  /** Adds reactions of the owner to lines it spoke; false when it is another's. */
  addOwnReactions(ownerId: string, id: string, count: number): Promise<boolean>;
  /**
   * Adds a chatling from another game, or brings the one with its `externalId` to the game's state; id, favourite and
   * reactions stay as they are here. The chatling must have an `externalId`.
   */
  upsertImported(chatling: StoredChatling & { externalId: string }): Promise<StoredChatling>;
  deleteByOwner(ownerId: string): Promise<number>;
}

export async function openChatlings(store: Store): Promise<Chatlings> {
  const chatlings = await store.collection(declaration);
  const sheets = await openCastSheets(store);

  /**
   * Outdates the sheet before and after: before, so that no crash can leave an old one behind; after, so that
   * nobody who reads in between keeps a new one of the old state.
   */
  async function changing<T>(ownerId: string, change: () => Promise<T>): Promise<T> {
    await sheets.outdate(ownerId);
    const changed = await change();
    await sheets.outdate(ownerId);
    return changed;
  }

  return {
    sheets,
    async insertMany(records) {
      const owners = [...new Set(records.map(({ ownerId }) => ownerId))];
      const outdate = async () => void (await Promise.all(owners.map((ownerId) => sheets.outdate(ownerId))));
      await outdate();
      const inserted = await chatlings.insertMany(records);
      await outdate();
      return inserted;
    },
    async listByOwner(ownerId) {
      const query = { index: "byOwner", equals: { ownerId } } as const;
      return (await chatlings.find(query, { limit: MAX_CHATLINGS })).items;
    },
    countByOwner: async (ownerId) => await chatlings.count({ index: "byOwner", equals: { ownerId } }),
    async get(ownerId, id) {
      const chatling = await chatlings.get(id);
      return chatling?.ownerId === ownerId ? chatling : null;
    },
    patch: async (ownerId, id, change) => {
      return await changing(ownerId, async () => await chatlings.patch(id, { set: change }, { ownerId }));
    },
    async addOwnReactions(ownerId, id, count) {
      const change = { increment: { ownReactions: count } };
      return await changing(ownerId, async () => (await chatlings.patch(id, change, { ownerId })) !== null);
    },
    async upsertImported(chatling) {
      const { name, personality, backstory, rarity, element, secondaryElement, active } = chatling;
      const set = { name, personality, backstory, rarity, element, secondaryElement, active };
      return await changing(chatling.ownerId, async () => {
        return await chatlings.upsert("byExternalId", chatling, { set });
      });
    },
    async deleteByOwner(ownerId) {
      const deleted = await chatlings.deleteWhere({ index: "byOwner", equals: { ownerId } });
      // Last, so that nobody makes a new one of what is being deleted.
      await sheets.remove(ownerId);
      return deleted;
    },
  };
}
