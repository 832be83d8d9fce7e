import { StoredAccount } from "#schema/stored/account.ts";
import type { Store } from "../collection.ts";
import { defineCollection } from "../define-collection.ts";

const declaration = defineCollection({ name: "accounts", version: 1, record: StoredAccount, indexes: {} });

/** What to change; null makes the monthly limit that of the account's kind again. */
export interface AccountChange {
  readonly monthlyNanoUsd?: number | null | undefined;
  readonly prepaidNanoUsd?: number | undefined;
  readonly isSuspended?: boolean | undefined;
}

/** What operators decided about accounts; most accounts have no record. */
export interface Accounts {
  get(accountId: string): Promise<StoredAccount | null>;
  /** Changes what is named and leaves the rest. The account as it is then, or null when it was removed meanwhile. */
  put(accountId: string, change: AccountChange, nowMs: number): Promise<StoredAccount | null>;
  remove(accountId: string): Promise<boolean>;
}

export async function openAccounts(store: Store): Promise<Accounts> {
  const accounts = await store.collection(declaration);
  return {
    get: async (accountId) => await accounts.get(accountId),
    async put(accountId, { monthlyNanoUsd, prepaidNanoUsd, isSuspended }, nowMs) {
      const empty = { id: accountId, prepaidNanoUsd: 0, isSuspended: false, updatedAtMs: nowMs };
      await accounts.insertMany([empty]);
      const set = {
        ...(typeof monthlyNanoUsd === "number" && { monthlyNanoUsd }),
        ...(prepaidNanoUsd !== undefined && { prepaidNanoUsd }),
        ...(isSuspended !== undefined && { isSuspended }),
      };
      const unset = monthlyNanoUsd === null ? (["monthlyNanoUsd"] as const) : [];
      return await accounts.patch(accountId, { set, unset, max: { updatedAtMs: nowMs } });
    },
    remove: async (accountId) => await accounts.delete(accountId),
  };
}
