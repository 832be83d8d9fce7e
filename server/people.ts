import type { StoredUniqueConversation } from "#schema/stored/unique-conversation.ts";
import type { StoredView } from "#schema/stored/view.ts";
import { drawStarterChatlings } from "#data/content/draw-starter-chatlings.ts";
import { createRng } from "#ai/rng.ts";
import type { Repositories } from "./open-repositories.ts";
import { exportSpending } from "./spending/export-spending.ts";

/** Gives a new user the five starters, drawn and named by the user's id, so that a second time changes nothing. */
export async function welcome({ chatlings }: Repositories, userId: string, nowMs: number): Promise<void> {
  const drawn = drawStarterChatlings(createRng(userId));
  await chatlings.insertMany(
    drawn.map(({ plays: _plays, ...design }, number) => ({
      ...design,
      id: `${userId}-${number}`,
      ownerId: userId,
      active: true,
      favorite: false,
      ownReactions: 0,
      createdAtMs: nowMs,
    })),
  );
}

const toCarry = ({ id, createdAtMs, topicText, messages }: StoredUniqueConversation) => ({
  id,
  createdAtMs,
  topicText,
  messages,
});

/** Everything the server holds about one person, as they may carry it away. */
export async function exportPerson(
  { users, chatlings, views, uniqueConversations, passkeys, ledger, accounts }: Repositories,
  userId: string,
  nowMs: number,
): Promise<Record<string, unknown>> {
  const seen: StoredView[] = [];
  for await (const view of views.iterateByUser(userId)) seen.push(view);
  const ownPasskeys = await passkeys.listByUser(userId);
  return {
    exportedAtMs: nowMs,
    user: await users.get(userId),
    chatlings: await chatlings.listByOwner(userId),
    views: seen,
    writtenForMe: await Array.fromAsync(uniqueConversations.iterateByUser(userId), toCarry),
    passkeys: ownPasskeys.map(({ id, createdAtMs, label }) => ({ id, createdAtMs, label })),
    ...(await exportSpending({ ledger, accounts }, userId)),
  };
}
