import { setImmediate as nextTurn } from "node:timers/promises";
import { daysOf, ERASED_ACCOUNT, StoredLedgerEntry } from "#schema/stored/ledger-entry.ts";
import type { Collection, Store, Sum } from "../collection.ts";
import { defineCollection } from "../define-collection.ts";
import { addTotals, type LedgerTotal, SUMMED } from "./ledger-total.ts";

const declaration = defineCollection({
  name: "ledger",
  version: 1,
  record: StoredLedgerEntry,
  indexes: {
    byAccountMonth: { fields: ["accountId", "month", "day"] },
    byConversation: { fields: ["conversationId"], sparse: true },
    // One for both a day's sums and what expires: each index costs as much at every entry as the entry itself.
    byDay: { fields: ["isPrepaid", "day"] },
    prepaid: { fields: ["accountId", "atMs"], where: { isPrepaid: true } },
  },
});

type Index = keyof typeof declaration.indexes;

/** What sums can be told apart by. */
export type LedgerField = "month" | "provider" | "model" | "task" | "conversationId" | "personaId";

/** What entries with the same values of these fields come to; a field they lack is missing. */
export type LedgerSum<By extends LedgerField> = LedgerTotal & {
  readonly key: Pick<StoredLedgerEntry, By>;
};

export type NewLedgerEntry = Omit<StoredLedgerEntry, "isPrepaid">;

/** The books. Entries are only ever added, and never changed but for forgetting whose they were. */
export interface Ledger {
  /** Resolves when they are safe. An entry whose id is known already is left out, so adding may be repeated. */
  append(entries: readonly NewLedgerEntry[]): Promise<void>;
  /** One account's month. */
  sumMonth<By extends LedgerField>(
    accountId: string,
    month: string,
    by: readonly By[],
  ): Promise<LedgerSum<By>[]>;
  /** One account's months from this one on, those without entries left out, oldest first. */
  sumMonths(accountId: string, fromMonth: string): Promise<LedgerSum<"month">[]>;
  /** One day of everybody's. */
  sumDay<By extends LedgerField>(day: string, by: readonly By[]): Promise<LedgerSum<By>[]>;
  sumConversation(conversationId: string): Promise<LedgerTotal>;
  /** All that was ever paid out of the account's prepaid balance, in nano-dollars. */
  prepaidSpent(accountId: string): Promise<number>;
  /** All of the account's, by month and day. */
  iterateByAccount(accountId: string): AsyncIterable<StoredLedgerEntry>;
  /** Forgets whose the account's entries were and what they were for; the amounts stay. */
  anonymize(accountId: string): Promise<void>;
  /** Drops the days that are over for 400 days, but for what proves what is left of a prepaid balance. */
  expire(nowMs: number): Promise<number>;
}

const LIFE_MS = 400 * 86_400_000;
const CHANGED_AT_ONCE = 200;

export async function openLedger(store: Store): Promise<Ledger> {
  const ledger = await store.collection(declaration);
  return {
    async append(entries) {
      const records = entries.map((entry) => ({ ...entry, isPrepaid: entry.prepaidNanoUsd > 0 }));
      await ledger.insertMany(records);
    },
    async sumMonth(accountId, month, by) {
      const sums: Sums = [];
      // Day by day, as the server's own account has more calls in a month than may hold up a turn of the event loop.
      for (const day of daysOf(month)) {
        const found = await sum(ledger, { index: "byAccountMonth", equals: { accountId, month, day } }, by);
        sums.push(...found);
        if (found.length > 0) await nextTurn();
      }
      return merge(sums, by);
    },
    async sumMonths(accountId, fromMonth) {
      const query = { index: "byAccountMonth", equals: { accountId }, range: { gte: fromMonth } } as const;
      return merge(await sum(ledger, query, ["month"]), ["month"]);
    },
    async sumDay(day, by) {
      const sumOf = async (isPrepaid: boolean) =>
        await sum(ledger, { index: "byDay", equals: { isPrepaid, day } }, by);
      return merge([...(await sumOf(false)), ...(await sumOf(true))], by);
    },
    async sumConversation(conversationId) {
      const query = { index: "byConversation", equals: { conversationId } } as const;
      return addTotals(merge(await sum(ledger, query, []), []));
    },
    async prepaidSpent(accountId) {
      const [all] = await ledger.sum({ index: "prepaid", equals: { accountId } }, [], ["prepaidNanoUsd"]);
      return all?.sums.prepaidNanoUsd ?? 0;
    },
    iterateByAccount: (accountId) => ledger.iterate({ index: "byAccountMonth", equals: { accountId } }),
    async anonymize(accountId) {
      const query = { index: "byAccountMonth", equals: { accountId } } as const;
      const change = { set: { accountId: ERASED_ACCOUNT }, unset: ["conversationId", "personaId"] } as const;
      for (;;) {
        const { items } = await ledger.findFields(query, [], { limit: CHANGED_AT_ONCE, paged: false });
        if (items.length === 0) return;
        await Promise.all(items.map(({ id }) => ledger.patch(id, change)));
      }
    },
    async expire(nowMs) {
      const beforeMs = nowMs - LIFE_MS;
      const days = { lt: new Date(beforeMs).toISOString().slice(0, 10) };
      const ofMonths = await ledger.deleteWhere({
        index: "byDay",
        equals: { isPrepaid: false },
        range: days,
      });
      const range = { lt: beforeMs };
      const ofNobody = { index: "prepaid", equals: { accountId: ERASED_ACCOUNT }, range } as const;
      return ofMonths + (await ledger.deleteWhere(ofNobody));
    },
  };
}

type Sums = Sum<StoredLedgerEntry, LedgerField | "isEstimate", (typeof SUMMED)[number]>[];
type Query = Parameters<Collection<StoredLedgerEntry, Index>["sum"]>[0];

const sum = async (
  ledger: Collection<StoredLedgerEntry, Index>,
  query: Query,
  by: readonly LedgerField[],
): Promise<Sums> => await ledger.sum(query, [...by, "isEstimate"], SUMMED);

/** One sum for each value of the fields, be the entries of several days, estimates or not. */
function merge<By extends LedgerField>(sums: Sums, by: readonly By[]): LedgerSum<By>[] {
  const groups = Map.groupBy(sums, ({ key }) => JSON.stringify(by.map((field) => key[field])));
  return [...groups.values()].map((group) => {
    const totals = group.map(({ key, count, sums: added }) => {
      return { calls: count, estimates: key.isEstimate ? count : 0, ...added };
    });
    const { isEstimate: _, ...key } = group[0]!.key;
    return { key: key as unknown as Pick<StoredLedgerEntry, By>, ...addTotals(totals) };
  });
}
