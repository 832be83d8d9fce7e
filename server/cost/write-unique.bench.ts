import { toOrder } from "#ai/pool/order.ts";
import { createRng } from "#ai/rng.ts";
import { createPoolDialogue } from "#ai/tasks/pool-dialogue.ts";
import { createNoveltyLedger } from "#ai/writer/novelty/ledger.ts";
import { readStarterTopics } from "#data/content/read-starter-topics.ts";
import { inParallel } from "#loadtest/drivers/in-parallel.ts";
import type { Viewer } from "./draw-viewers.bench.ts";
import { letTimePass } from "./let-time-pass.bench.ts";
import type { House } from "./open-house.bench.ts";

interface WrittenUnique {
  readonly conversationId: string;
  readonly isByModel: boolean;
}

export interface UniquePrice {
  /** In nano-dollars, by the ledger, retries and repairs included. */
  readonly mean: number;
  /** Of the mean. */
  readonly standardError: number;
}

const WIDTH = 8;
const HOUR = "unique";

/** Has one conversation written for each of these viewers alone, at their own expense. */
export async function writeUnique(
  { clock, runTask }: House,
  viewers: readonly Viewer[],
  seed: string,
): Promise<WrittenUnique[]> {
  const task = createPoolDialogue(createNoveltyLedger());
  const topics = readStarterTopics(clock.nowMs());
  const approach = () => ({ method: "llm" as const });
  const { signal } = new AbortController();
  const write = async ({ userId }: Viewer, index: number): Promise<WrittenUnique> => {
    const order = toOrder({ hour: HOUR, index, topics, attempt: 0, contentVersion: seed, approach });
    const { id: conversationId, request, seed: draw } = order;
    const scope = { userId, conversationId, signal, rng: createRng(draw), clock };
    const { source } = await runTask(task, { ...request, draw }, scope);
    return { conversationId, isByModel: source === "model" };
  };
  return await letTimePass(clock, inParallel(viewers, WIDTH, write));
}

/** What each of them cost, once all is in the books. */
export async function priceUnique(
  { repositories }: House,
  written: readonly WrittenUnique[],
): Promise<UniquePrice> {
  const sums = await Promise.all(
    written.map(({ conversationId }) => repositories.ledger.sumConversation(conversationId)),
  );
  const costs = sums.map(({ costNanoUsd }) => costNanoUsd);
  const mean = costs.reduce((sum, cost) => sum + cost, 0) / costs.length;
  const squares = costs.reduce((sum, cost) => sum + (cost - mean) ** 2, 0);
  return { mean, standardError: Math.sqrt(squares / (costs.length - 1) / costs.length) };
}
