import type { StoredAccount } from "#schema/stored/account.ts";
import type { StoredUser } from "#schema/stored/user.ts";
import { type AccountsPort, type AccountTerms, SYSTEM_ACCOUNT } from "#ai/gateway/ports.ts";

/** What accounts may spend in a month where no operator has said otherwise. */
export interface BudgetDefaults {
  readonly guestNanoUsd: number;
  readonly userNanoUsd: number;
  /** Of the server's own jobs. */
  readonly systemNanoUsd: number;
}

export interface AccountTermsDeps {
  readonly accounts: { get(accountId: string): Promise<StoredAccount | null> };
  readonly users: { get(userId: string): Promise<Pick<StoredUser, "role" | "origin"> | null> };
  readonly defaults: BudgetDefaults;
}

/** An account with what it would have without an operator's word. */
export interface AccountState {
  readonly defaultNanoUsd: number;
  /** Null where no operator has said anything. */
  readonly account: StoredAccount | null;
}

export interface AccountBook extends AccountsPort {
  /** Null when there is neither such a user nor is it the server's own account. */
  read(accountId: string): Promise<AccountState | null>;
}

/** What somebody who is gone may spend. */
const NOTHING: AccountTerms = { monthlyNanoUsd: 0, prepaidNanoUsd: 0, isSuspended: true };

export function createAccountTerms({ accounts, users, defaults }: AccountTermsDeps): AccountBook {
  async function findDefault(accountId: string): Promise<number | undefined> {
    if (accountId === SYSTEM_ACCOUNT) return defaults.systemNanoUsd;
    const user = await users.get(accountId);
    if (!user) return undefined;
    const isGuest = user.role === "user" && user.origin === "guest";
    return isGuest ? defaults.guestNanoUsd : defaults.userNanoUsd;
  }

  async function read(accountId: string): Promise<AccountState | null> {
    const defaultNanoUsd = await findDefault(accountId);
    return defaultNanoUsd === undefined ? null : { defaultNanoUsd, account: await accounts.get(accountId) };
  }

  return {
    read,
    async terms(accountId) {
      const state = await read(accountId);
      return state ? toTerms(state) : NOTHING;
    },
  };
}

const toTerms = ({ account, defaultNanoUsd }: AccountState): AccountTerms => ({
  monthlyNanoUsd: account?.monthlyNanoUsd ?? defaultNanoUsd,
  prepaidNanoUsd: account?.prepaidNanoUsd ?? 0,
  isSuspended: account?.isSuspended ?? false,
});
