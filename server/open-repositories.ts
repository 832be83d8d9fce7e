import type { Store } from "#data/collection.ts";
import { openBatches } from "#data/repositories/batches.ts";
import { openChatlings } from "#data/repositories/chatlings.ts";
import { openConversations } from "#data/repositories/conversations.ts";
import { openLeases } from "#data/repositories/leases.ts";
import { openLinkCodes } from "#data/repositories/link-codes.ts";
import { openPasskeys } from "#data/repositories/passkeys.ts";
import { openSpentChallenges } from "#data/repositories/spent-challenges.ts";
import { openTopics } from "#data/repositories/topics.ts";
import { openUsers } from "#data/repositories/users.ts";
import { openViewingHours } from "#data/repositories/viewing-hours.ts";
import { openViews } from "#data/repositories/views.ts";

/** Every repository of the store; a new one is added here and nowhere else. */
export async function openRepositories(store: Store) {
  const [
    users,
    chatlings,
    topics,
    conversations,
    views,
    viewingHours,
    leases,
    batches,
    passkeys,
    spentChallenges,
    linkCodes,
  ] = await Promise.all([
    openUsers(store),
    openChatlings(store),
    openTopics(store),
    openConversations(store),
    openViews(store),
    openViewingHours(store),
    openLeases(store),
    openBatches(store),
    openPasskeys(store),
    openSpentChallenges(store),
    openLinkCodes(store),
  ]);
  return {
    users,
    chatlings,
    topics,
    conversations,
    views,
    viewingHours,
    leases,
    batches,
    passkeys,
    spentChallenges,
    linkCodes,
  };
}

export type Repositories = Awaited<ReturnType<typeof openRepositories>>;
