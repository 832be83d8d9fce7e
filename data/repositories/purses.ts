import { readPurseId, StoredPurse } from "#schema/stored/purse.ts";
import type { Store } from "../collection.ts";
import { defineCollection } from "../define-collection.ts";

const declaration = defineCollection({
  name: "purses",
  version: 1,
  record: StoredPurse,
  indexes: {
    byAccount: { fields: ["accountId"], sparse: true },
    unsettled: { fields: ["touchedAtMs"], where: { isSettled: false } },
    byKindTouch: { fields: ["kind", "touchedAtMs"] },
  },
});

/** As long as the books go back; a conversation that is taken up later begins anew. */
const LIFE_MS = 400 * 86_400_000;
const REACHED_FIELDS = { 50: "reached50AtMs", 80: "reached80AtMs", 100: "reached100AtMs" } as const;

/** A share of a limit that was reached, and when. */
export interface ReachedShare {
  readonly percent: number;
  readonly atMs: number;
}

/** Counters with a limit; every change is one step, whoever else changes the same. */
export interface Purses {
  get(purseId: string): Promise<StoredPurse | null>;
  /** Takes the amount unless more than the limit would be taken then. What is taken in all afterwards, or null. */
  take(purseId: string, amountNanoUsd: number, limitNanoUsd: number, nowMs: number): Promise<number | null>;
  /** Never below nothing. An amount of 0 shows that it is in use; one below 0 is taken, whatever the limit. */
  giveBack(purseId: string, amountNanoUsd: number, nowMs: number): Promise<void>;
  /** True for the first who asks for this share of this purse. @throws RangeError unless it is 50, 80 or 100 */
  noteAlert(purseId: string, percent: number, nowMs: number): Promise<boolean>;
  /** Shares of the limit that were reached, smallest first. */
  reached(purseId: string): Promise<ReachedShare[]>;
  /** To be told anew when shares of another limit are reached. */
  clearAlerts(purseId: string): Promise<void>;
  /** Those that nobody touched since, and that were not settled; longest untouched first. */
  staleBefore(ms: number, limit: number): Promise<Pick<StoredPurse, "id" | "touchedAtMs">[]>;
  /** Settles a purse at what is truly taken; false when it was touched meanwhile. */
  setHeld(purseId: string, heldNanoUsd: number, ifTouchedAtMs: number): Promise<boolean>;
  /** A conversation's purse stays: it tells of nobody. */
  deleteByAccount(accountId: string): Promise<number>;
  /** Months and conversations that nobody touched for 400 days; a prepaid balance's never. */
  expire(nowMs: number): Promise<number>;
}

export async function openPurses(store: Store): Promise<Purses> {
  const purses = await store.collection(declaration);

  async function take(id: string, amount: number, limit: number, nowMs: number): Promise<number | null> {
    const change = {
      increment: { heldNanoUsd: amount },
      max: { touchedAtMs: nowMs },
      set: { isSettled: false },
    };
    const taken = await purses.patch(id, change, { heldNanoUsd: { lte: limit - amount } });
    return taken?.heldNanoUsd ?? null;
  }

  return {
    get: async (purseId) => await purses.get(purseId),
    async take(purseId, amount, limit, nowMs) {
      const taken = await take(purseId, amount, limit, nowMs);
      if (taken !== null) return taken;
      // Refused, or not there yet: somebody else may be making it just now as well.
      await purses.insertMany([toEmptyPurse(purseId, nowMs)]);
      return await take(purseId, amount, limit, nowMs);
    },
    async giveBack(purseId, amount, nowMs) {
      const change = { max: { touchedAtMs: nowMs }, set: { isSettled: false } };
      const less = { ...change, increment: { heldNanoUsd: -amount } };
      const nothing = { ...change, set: { ...change.set, heldNanoUsd: 0 } };
      do {
        if (await purses.patch(purseId, less, { heldNanoUsd: { gte: amount } })) return;
        if (await purses.patch(purseId, nothing, { heldNanoUsd: { lt: amount } })) return;
        // It was changed between the two, or is gone.
      } while (await purses.get(purseId));
    },
    async noteAlert(purseId, percent, nowMs) {
      const field = REACHED_FIELDS[percent as keyof typeof REACHED_FIELDS];
      if (!field) throw new RangeError("alerts are given at 50, 80 and 100 percent");
      return (await purses.patch(purseId, { set: { [field]: nowMs } }, { [field]: 0 })) !== null;
    },
    async reached(purseId) {
      const purse = await purses.get(purseId);
      const shares = Object.entries(REACHED_FIELDS).map(([percent, field]) => {
        return { percent: Number(percent), atMs: purse?.[field] ?? 0 };
      });
      return shares.filter(({ atMs }) => atMs > 0);
    },
    async clearAlerts(purseId) {
      await purses.patch(purseId, { set: { reached50AtMs: 0, reached80AtMs: 0, reached100AtMs: 0 } });
    },
    async staleBefore(ms, limit) {
      const query = { index: "unsettled", range: { lt: ms } } as const;
      return (await purses.findFields(query, ["touchedAtMs"], { limit, paged: false })).items;
    },
    async setHeld(purseId, heldNanoUsd, touchedAtMs) {
      const change = { set: { heldNanoUsd, isSettled: true } };
      return (await purses.patch(purseId, change, { touchedAtMs })) !== null;
    },
    deleteByAccount: async (accountId) => {
      return await purses.deleteWhere({ index: "byAccount", equals: { accountId } });
    },
    async expire(nowMs) {
      const untouched = (kind: StoredPurse["kind"]) =>
        ({ index: "byKindTouch", equals: { kind }, range: { lt: nowMs - LIFE_MS } }) as const;
      const months = await purses.deleteWhere(untouched("month"));
      return months + (await purses.deleteWhere(untouched("conversation")));
    },
  };
}

function toEmptyPurse(id: string, nowMs: number): StoredPurse {
  const subject = readPurseId(id);
  return {
    id,
    kind: subject.kind,
    ...("accountId" in subject && { accountId: subject.accountId }),
    heldNanoUsd: 0,
    touchedAtMs: nowMs,
    isSettled: false,
    reached50AtMs: 0,
    reached80AtMs: 0,
    reached100AtMs: 0,
  };
}
