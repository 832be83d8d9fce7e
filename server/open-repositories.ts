import type { Store } from "#data/collection.ts";
import { openAccounts } from "#data/repositories/accounts.ts";
import { openArmDays } from "#data/repositories/arm-days.ts";
import { openBatches } from "#data/repositories/batches.ts";
import { openChatlings } from "#data/repositories/chatlings.ts";
import { openConversations } from "#data/repositories/conversations.ts";
import { openCoverageHours } from "#data/repositories/coverage-hours.ts";
import { openLeases } from "#data/repositories/leases.ts";
import { openLedger } from "#data/repositories/ledger.ts";
import { openLinkCodes } from "#data/repositories/link-codes.ts";
import { openModelBatches } from "#data/repositories/model-batches.ts";
import { openPasskeys } from "#data/repositories/passkeys.ts";
import { openPurses } from "#data/repositories/purses.ts";
import { openSpentChallenges } from "#data/repositories/spent-challenges.ts";
import { openTopics } from "#data/repositories/topics.ts";
import { openUniqueConversations } from "#data/repositories/unique-conversations.ts";
import { openUsers } from "#data/repositories/users.ts";
import { openViewingHours } from "#data/repositories/viewing-hours.ts";
import { openViews } from "#data/repositories/views.ts";

/** Every repository of the store; a new one is added here and nowhere else. */
const OPENERS = {
  users: openUsers,
  chatlings: openChatlings,
  topics: openTopics,
  conversations: openConversations,
  views: openViews,
  viewingHours: openViewingHours,
  coverageHours: openCoverageHours,
  leases: openLeases,
  batches: openBatches,
  passkeys: openPasskeys,
  spentChallenges: openSpentChallenges,
  linkCodes: openLinkCodes,
  armDays: openArmDays,
  modelBatches: openModelBatches,
  ledger: openLedger,
  accounts: openAccounts,
  purses: openPurses,
  uniqueConversations: openUniqueConversations,
} as const;

export type Repositories = {
  readonly [Name in keyof typeof OPENERS]: Awaited<ReturnType<(typeof OPENERS)[Name]>>;
};

/** Opens them all. @throws the store's errors */
export async function openRepositories(store: Store): Promise<Repositories> {
  const opening = Object.entries(OPENERS).map(async ([name, open]) => [name, await open(store)] as const);
  return Object.fromEntries(await Promise.all(opening)) as Repositories;
}
