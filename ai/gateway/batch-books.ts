import type { StoredModelBatch } from "#schema/stored/model-batch.ts";
import type { BatchItem } from "../batch-model.ts";
import type { ModelEntry } from "../catalogue/catalogue-schema.ts";
import { costNanoUsd } from "../catalogue/cost-of.ts";
import type { Clock } from "../clock.ts";
import type { ModelReply, ModelUsage } from "../model.ts";
import { crossedPercents } from "./budgets.ts";
import { mostPromptTokens, mostTokens, worstCostNanoUsd } from "./estimate.ts";
import { type AccountsPort, type LedgerEntry, type PursesPort, toDay, toMonth, toPurseId } from "./ports.ts";

/** What a batch cannot cost more than, and how many tokens its prompts have at most. */
export function worstOf(items: readonly BatchItem[], target: ModelEntry, atMs: number) {
  const worst = items.map(({ request }) => worstCostNanoUsd(target, request, atMs, target.batch));
  const most = items.map(({ request }) => mostPromptTokens(request));
  const sum = (counts: readonly number[]) => counts.reduce((all, count) => all + count, 0);
  return { worstNanoUsd: sum(worst), mostInputTokens: sum(most) };
}

/** What was taken, and where from. */
export interface Hold {
  readonly purseId: string;
  readonly amountNanoUsd: number;
  /** What is taken of the purse in all, and may be. */
  readonly takenNanoUsd: number;
  readonly limitNanoUsd: number;
}

/**
 * Takes the amount from the month's purse, or else from what was paid in before; undefined when neither has that much
 * left. It is taken from the store itself: a batch may well outlive the process.
 */
export async function hold(
  { purses, accounts }: { readonly purses: PursesPort; readonly accounts: AccountsPort },
  accountId: string,
  amountNanoUsd: number,
  nowMs: number,
): Promise<Hold | undefined> {
  const { monthlyNanoUsd, prepaidNanoUsd, isSuspended } = await accounts.terms(accountId);
  if (isSuspended) return undefined;
  const month = { purseId: toPurseId.month(accountId, toMonth(nowMs)), limitNanoUsd: monthlyNanoUsd };
  const prepaid = { purseId: toPurseId.prepaid(accountId), limitNanoUsd: prepaidNanoUsd };
  for (const source of prepaidNanoUsd > 0 ? [month, prepaid] : [month]) {
    const takenNanoUsd = await purses.take(source.purseId, amountNanoUsd, source.limitNanoUsd, nowMs);
    if (takenNanoUsd !== null) return { ...source, amountNanoUsd, takenNanoUsd };
  }
  return undefined;
}

/** Which shares of its limit a purse has reached by this and had not before, as far as nobody told of them. */
export async function newlyReached(purses: PursesPort, hold: Hold, nowMs: number): Promise<number[]> {
  const { purseId, amountNanoUsd, takenNanoUsd, limitNanoUsd } = hold;
  const reached: number[] = [];
  for (const percent of crossedPercents(takenNanoUsd - amountNanoUsd, takenNanoUsd, limitNanoUsd)) {
    if (await purses.noteAlert(purseId, percent, nowMs)) reached.push(percent);
  }
  return reached;
}

/**
 * Ends a batch for whoever is first, and gives back what of its money it did not cost. False for everybody else. Cut off
 * after it has ended, too much stays taken until the purse is healed; never too little.
 */
export async function release(
  purses: PursesPort,
  clock: Clock,
  { purseId, heldNanoUsd }: StoredModelBatch,
  end: () => Promise<boolean>,
  costNanoUsd = 0,
): Promise<boolean> {
  // The purse counts as in use from now on, so that nobody heals it between the next two steps.
  await purses.giveBack(purseId, 0, clock.nowMs());
  if (!(await end())) return false;
  await purses.giveBack(purseId, heldNanoUsd - costNanoUsd, clock.nowMs());
  return true;
}

/**
 * The entry of an answered item. It belongs to the moment, the month and the prices of the submission, as the money was
 * taken then; so it is the same whenever, and however often, the batch is collected.
 */
export function toBatchEntry(
  batch: StoredModelBatch,
  target: ModelEntry,
  itemId: string,
  { usage: told, text, stop }: ModelReply,
  nowMs: number,
): LedgerEntry {
  const { submittedAtMs: atMs } = batch;
  const usage = told ?? estimate(batch, text);
  const cost = costNanoUsd(target, usage, atMs, target.batch);
  return {
    id: `${batch.id}/${itemId}`,
    accountId: batch.accountId,
    month: toMonth(atMs),
    day: toDay(atMs),
    atMs,
    task: batch.task,
    provider: batch.provider,
    model: batch.model,
    outcome: stop,
    isBatch: true,
    isEstimate: !told,
    uncachedInputTokens: usage.uncachedInputTokens,
    cachedInputTokens: usage.cachedInputTokens,
    cacheWriteTokens: usage.cacheWriteTokens["5m"] + usage.cacheWriteTokens["1h"],
    outputTokens: usage.outputTokens,
    thinkingTokens: usage.thinkingTokens,
    latencyMs: nowMs - atMs,
    costNanoUsd: cost,
    prepaidNanoUsd: batch.purseId === toPurseId.prepaid(batch.accountId) ? cost : 0,
  };
}

/** Which prompt an answer belongs to is not known any more, so it is taken to be of the usual size. */
function estimate({ mostInputTokens, itemCount }: StoredModelBatch, text: string): ModelUsage {
  return {
    uncachedInputTokens: Math.ceil(mostInputTokens / itemCount),
    cachedInputTokens: 0,
    cacheWriteTokens: { "5m": 0, "1h": 0 },
    outputTokens: mostTokens(text),
    thinkingTokens: 0,
  };
}
