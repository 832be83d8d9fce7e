import { StoredSpentChallenge } from "#schema/stored/spent-challenge.ts";
import type { Store } from "../collection.ts";
import { defineCollection } from "../define-collection.ts";
import { DuplicateKeyError } from "../errors.ts";

const declaration = defineCollection({
  name: "spentChallenges",
  version: 1,
  record: StoredSpentChallenge,
  indexes: { byExpiry: { fields: ["expiresAtMs"] } },
});

/** Kept for longer than they are good for, since the clocks of several processes may differ. */
const KEPT_MS = 10 * 60_000;

export interface SpentChallenges {
  /** True for the first who spends this challenge, on whatever process; false for everyone after. */
  spend(id: string, expiresAtMs: number, nowMs: number): Promise<boolean>;
}

export async function openSpentChallenges(store: Store): Promise<SpentChallenges> {
  const spent = await store.collection(declaration);
  return {
    async spend(id, expiresAtMs, nowMs) {
      // Rare enough that no job is needed to sweep up.
      await spent.deleteWhere({ index: "byExpiry", range: { lte: nowMs - KEPT_MS } });
      try {
        await spent.insert({ id, expiresAtMs });
        return true;
      } catch (error) {
        if (error instanceof DuplicateKeyError) return false;
        throw error;
      }
    },
  };
}
