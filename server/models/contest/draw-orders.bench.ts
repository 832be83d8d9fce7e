import { DIFFICULTIES } from "#schema/vocabulary.ts";
import { type Order, toOrder } from "#ai/pool/order.ts";
import { readStarterTopics } from "#data/content/read-starter-topics.ts";

/** The same in every run, so that runs on different days compare. */
const SEED = "models";
const ORDERS_OF_EACH = 4;
/** So many in a row hold eight of each difficulty. */
const PLANNED = 25;

/** Twelve orders of the pool on starter topics, four of each difficulty by turns. */
export function drawOrders(): Order[] {
  const topics = readStarterTopics(0);
  const approach = () => ({ method: "llm" as const });
  const planned = Array.from({ length: PLANNED }, (_, index) =>
    toOrder({ hour: SEED, index, topics, attempt: 0, contentVersion: SEED, approach }),
  );
  const byDifficulty = DIFFICULTIES.map((each) => planned.filter(({ plan }) => plan.difficulty === each));
  return Array.from({ length: ORDERS_OF_EACH }, (_, turn) =>
    byDifficulty.flatMap((orders) => orders.slice(turn, turn + 1)),
  ).flat();
}
