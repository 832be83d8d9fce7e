import type { ModelEntry } from "#ai/catalogue/catalogue-schema.ts";
import type { Catalogue } from "#ai/catalogue/read-catalogue.ts";
import { worstCostNanoUsd } from "#ai/gateway/estimate.ts";
import { fitRequest, toModelRequest } from "#ai/gateway/fit-request.ts";
import type { Dialogue, DialogueRequest } from "#ai/pool/dialogue.ts";
import type { Order } from "#ai/pool/order.ts";
import { toOutputSchema } from "#ai/providers/to-output-schema.ts";
import type { Task } from "#ai/task.ts";

/** A model, and the most that asking it for every order can cost; repairs come on top. */
export interface Priced {
  readonly entry: ModelEntry;
  readonly worstNanoUsd: number;
}

/** What the orders cost with a model at most: every byte a token, kept by the vendor, and answers of full length. */
export function priceOrders(
  task: Task<DialogueRequest, Dialogue>,
  orders: readonly Order[],
  entry: ModelEntry,
  { catalogue, nowMs }: { readonly catalogue: Catalogue; readonly nowMs: number },
): Priced {
  const plan = catalogue.plan(task.name, { available: new Set([entry.provider]) });
  const output = toOutputSchema(task.name, task.asked ?? task.output);
  const prices = orders.map(({ request, seed }) => {
    const asked = toModelRequest(task.prompt({ ...request, draw: seed }), plan, output);
    return worstCostNanoUsd(entry, fitRequest(asked, entry, plan), nowMs);
  });
  return { entry, worstNanoUsd: prices.reduce((sum, price) => sum + price, 0) };
}
