import type { ProviderName } from "#ai/catalogue/catalogue-schema.ts";
import { isPriced } from "#ai/catalogue/cost-of.ts";
import type { Catalogue } from "#ai/catalogue/read-catalogue.ts";
import type { Clock } from "#ai/clock.ts";
import type { BatchProgress } from "#ai/gateway/batch-ports.ts";
import type { Batches } from "#ai/gateway/batches.ts";
import { SYSTEM_ACCOUNT } from "#ai/gateway/ports.ts";
import { fitRequest, toModelRequest } from "#ai/gateway/with-target.ts";
import type { BatchReply, ModelBatches } from "#ai/pool/batch-writer.ts";

export interface PoolBatchesDeps {
  readonly batches: Pick<Batches, "takes" | "submit" | "poll" | "collect">;
  /** Tells who did a batch. */
  readonly records: {
    get(id: string): Promise<{ readonly provider: string; readonly model: string } | null>;
  };
  readonly catalogue: Catalogue;
  readonly available: ReadonlySet<ProviderName>;
  readonly order: readonly ProviderName[] | undefined;
  readonly clock: Clock;
}

/** Nobody knows yet whether the vendor has the batch. */
export class BatchUnclearError extends Error {}

/** The pool's batches, on the server's own account, at the first provider of the chain that takes any. */
export function createPoolBatches(deps: PoolBatchesDeps): ModelBatches {
  const { batches, records, catalogue, available, order, clock } = deps;
  return {
    async submit(id, { task, output, items }, signal) {
      const plan = catalogue.plan(task, { available, order });
      const target = plan.targets.find(
        (each) => batches.takes(each.provider, each.id) && isPriced(each, clock.nowMs()),
      );
      if (!target) return;
      const toItem = ({ id: itemId, prompt }: (typeof items)[number]) => ({
        id: itemId,
        request: fitRequest(toModelRequest(prompt, plan, output), target, plan),
      });
      const asked = { id, task, accountId: SYSTEM_ACCOUNT, target, items: items.map(toItem) };
      // Over budget, the hour is written when it is due, by whoever can.
      if ((await batches.submit(asked, signal)) === "submitting") throw new BatchUnclearError();
    },
    async collect(id, signal) {
      const progress = await batches.poll(id, signal);
      if (progress && !hasEnded(progress)) return "not-yet";
      const served = await records.get(id);
      if (!progress || !served) return [];
      const { provider, model } = served;
      const replies: BatchReply[] = [];
      for await (const result of batches.collect(id, signal)) {
        const isWhole = "reply" in result && result.reply.stop === "complete";
        if (isWhole) replies.push({ id: result.id, reply: result.reply, provider, model });
      }
      return replies;
    },
  };
}

const hasEnded = ({ state }: BatchProgress): boolean => state !== "submitting" && state !== "running";
