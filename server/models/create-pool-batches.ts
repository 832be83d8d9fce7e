import type { ModelEntry } from "#ai/catalogue/catalogue-schema.ts";
import type { ProviderName } from "#ai/providers/create-model.ts";
import { isPriced } from "#ai/catalogue/cost-of.ts";
import type { Catalogue, TaskPlan } from "#ai/catalogue/read-catalogue.ts";
import type { Clock } from "#ai/clock.ts";
import type { BatchProgress } from "#ai/gateway/batch-ports.ts";
import type { Batches } from "#ai/gateway/batches.ts";
import { SYSTEM_ACCOUNT } from "#ai/gateway/ports.ts";
import { fitRequest, toModelRequest } from "#ai/gateway/fit-request.ts";
import type { BatchReply, BatchWork, ModelBatches } from "#ai/pool/batch-writer.ts";
import { ProviderError, type ProviderFault } from "#ai/providers/provider-error.ts";

export interface PoolBatchesDeps {
  readonly batches: Pick<Batches, "takes" | "submit" | "poll" | "collect" | "cancel" | "openBatches">;
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

/** Another provider may take what this one did not. */
const ASK_ANOTHER: ReadonlySet<ProviderFault> = new Set<ProviderFault>([
  "auth",
  "payment",
  "quota",
  "unknown-model",
]);

/** The pool's batches, on the server's own account, at the first provider of the chain that takes them. */
export function createPoolBatches(deps: PoolBatchesDeps): ModelBatches {
  const { batches, records, catalogue, available, order, clock } = deps;
  /** What this process called off at a provider; whether another did is not known for sure. */
  const calledOff = new Set<string>();

  const submitTo = async (
    target: ModelEntry,
    plan: TaskPlan,
    id: string,
    { task, output, items }: BatchWork,
    signal: AbortSignal,
  ) => {
    const toItem = ({ id: itemId, prompt }: (typeof items)[number]) => ({
      id: itemId,
      request: fitRequest(toModelRequest(prompt, plan, output), target, plan),
    });
    const asked = { id, task, accountId: SYSTEM_ACCOUNT, target, items: items.map(toItem) };
    const state = await batches.submit(asked, signal);
    if (state === "submitting") throw new BatchUnclearError();
    // Over budget, the hour is written when it is due, by whoever can.
    return state === "over-budget" ? state : "submitted";
  };

  return {
    async submit(id, work, signal) {
      const plan = catalogue.plan(work.task, { available, order });
      const takers = plan.targets.filter(
        (each) => batches.takes(each.provider, each.id) && isPriced(each, clock.nowMs()),
      );
      // What may be at a provider already is looked for there, and fits its model.
      const known = await records.get(id);
      const isKnown = ({ provider, id: model }: ModelEntry) =>
        provider === known?.provider && model === known.model;
      let refusal: ProviderError | undefined;
      for (const target of takers.toSorted((a, b) => Number(isKnown(b)) - Number(isKnown(a)))) {
        try {
          return await submitTo(target, plan, id, work, signal);
        } catch (error) {
          if (!(error instanceof ProviderError) || !ASK_ANOTHER.has(error.fault)) throw error;
          // It does not stay at one that refused: another may have it then, unless somebody is still to look for it.
          if ((await records.get(id)) !== null) throw error;
          refusal ??= error;
        }
      }
      if (refusal) throw refusal;
      return "no-model";
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
    open: async () => await batches.openBatches(),
    async drop(id, signal) {
      const state = (await batches.poll(id, signal))?.state;
      if (state === "running") {
        // Called off but once: it may take its provider a while to end it.
        if (!calledOff.has(id) && (await batches.cancel(id, signal))) calledOff.add(id);
        return;
      }
      calledOff.delete(id);
      if (state === "ready") for await (const _ of batches.collect(id, signal));
    },
  };
}

const hasEnded = ({ state }: BatchProgress): boolean => state !== "submitting" && state !== "running";
