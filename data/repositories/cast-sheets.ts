import { type CastSheetEntry, StoredCastSheet } from "#schema/stored/cast-sheet.ts";
import type { Store } from "../collection.ts";
import { defineCollection } from "../define-collection.ts";

const declaration = defineCollection({
  name: "castSheets",
  version: 1,
  record: StoredCastSheet,
  indexes: { byOwner: { fields: ["ownerId"], unique: true } },
  sealed: { owner: "ownerId", fields: ["entries"] },
});

/** Derived sheets of whole collections; the chatlings' repository says when one is outdated. */
export interface CastSheets {
  /** The collection's revision, and its sheet if there is one. */
  read(ownerId: string): Promise<{ revision: number; entries: readonly CastSheetEntry[] | null }>;
  /** Keeps a sheet made at that revision; does nothing when the collection has changed since. */
  keep(ownerId: string, revision: number, entries: readonly CastSheetEntry[]): Promise<void>;
  /** Drops the sheet, and whatever is being made from the collection as it was. */
  outdate(ownerId: string): Promise<void>;
  remove(ownerId: string): Promise<void>;
}

export async function openCastSheets(store: Store): Promise<CastSheets> {
  const sheets = await store.collection(declaration);
  return {
    async read(ownerId) {
      const sheet = await sheets.get(ownerId);
      return { revision: sheet?.revision ?? 0, entries: sheet?.entries ?? null };
    },
    async keep(ownerId, revision, entries) {
      const change = { set: { entries: [...entries] } };
      if (await sheets.patch(ownerId, change, { revision })) return;
      // Left out when there is one already, which then has another revision.
      if (revision === 0)
        await sheets.insertMany([{ id: ownerId, ownerId, revision, entries: [...entries] }]);
    },
    async outdate(ownerId) {
      const change = { increment: { revision: 1 }, unset: ["entries"] } as const;
      await sheets.upsert("byOwner", { id: ownerId, ownerId, revision: 1 }, change);
    },
    remove: async (ownerId) => void (await sheets.delete(ownerId)),
  };
}
