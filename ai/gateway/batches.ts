import type { ModelBatchState, StoredModelBatch } from "#schema/stored/model-batch.ts";
import { BATCH_ITEM_ID, type BatchItem, type BatchResult } from "../batch-model.ts";
import { ProviderError } from "../providers/provider-error.ts";
import { release, worstOf } from "./batch-books.ts";
import {
  type BatchesDeps,
  BatchNotReadyError,
  type BatchOrder,
  type BatchProgress,
  modelOf,
  toEvent,
} from "./batch-ports.ts";
import { collectBatch } from "./collect-batch.ts";
import { goOn, submitNew } from "./submit-batch.ts";

/** Batches at vendors, at a share of the price: submitted, paid and collected once, whichever process dies at it. */
export interface Batches {
  /** Whether this provider takes batches. */
  takes(provider: string, model: string): boolean;
  /**
   * Submits a batch, or tells how far it has come: asking again is how one goes on after a failure. `submitting` means
   * that somebody is at it, or that the vendor cannot tell yet whether it has the batch; over budget, nothing is sent.
   * A batch that is known under its id already is left as it is, whatever its items would be now.
   * @throws ProviderError when the vendor failed, RangeError for items that cannot be told apart
   */
  submit(order: BatchOrder, signal: AbortSignal): Promise<ModelBatchState | "over-budget">;
  /** Undefined for a batch nobody submitted. @throws ProviderError */
  poll(id: string, signal: AbortSignal): Promise<BatchProgress | undefined>;
  /**
   * What came of it: each piece is booked before it is handed on, and when all is taken the rest of the money is given
   * back. Cut short, it can be collected again, from the start. Items without a result were not answered.
   * @throws BatchNotReadyError, ProviderError, and what the store throws
   */
  collect(id: string, signal: AbortSignal): AsyncGenerator<BatchResult>;
  /**
   * Calls a running one off; what was answered before is still to be collected. False when it does not run (yet).
   * @throws ProviderError
   */
  cancel(id: string, signal: AbortSignal): Promise<boolean>;
  /** All that have not ended: where to go on after a start. */
  openBatches(): Promise<readonly StoredModelBatch[]>;
  /** Ends what is overdue, booking what can still be read of it. Tells how many it ended. */
  giveUpOverdue(signal: AbortSignal): Promise<number>;
}

export function createBatches(deps: BatchesDeps): Batches {
  const { records, clock } = deps;

  const readOn = async (id: string, signal: AbortSignal): Promise<StoredModelBatch | null> => {
    const known = await records.get(id);
    return known?.state === "submitting" ? await goOn(deps, known, undefined, signal) : known;
  };

  return {
    takes: (provider, model) => deps.models(provider, model) !== undefined,
    async submit(order, signal) {
      checkItems(order.items);
      modelOf(deps, order.target.provider, order.target.id);
      if (signal.aborted) throw new ProviderError(order.target.provider, "aborted");
      const known = await records.get(order.id);
      if (!known) return (await submitNew(deps, order, signal))?.state ?? "over-budget";
      if (known.state !== "submitting") return known.state;
      const items = isCovered(order, known, clock.nowMs()) ? order.items : undefined;
      return (await goOn(deps, known, items, signal)).state;
    },
    async poll(id, signal) {
      const batch = await readOn(id, signal);
      if (!batch) return undefined;
      const { state, vendorBatchId, itemCount: total } = batch;
      if (state !== "running" || vendorBatchId === undefined) return { state, done: 0, total };
      const status = await modelOf(deps, batch.provider, batch.model).look(vendorBatchId, signal);
      return { ...status, state: status.state === "running" ? "running" : "ready" };
    },
    collect: (id, signal) => collectBatch(deps, id, signal),
    async cancel(id, signal) {
      const batch = await readOn(id, signal);
      if (batch?.vendorBatchId === undefined || !(await records.callOff(id))) return false;
      await modelOf(deps, batch.provider, batch.model).cancel(batch.vendorBatchId, signal);
      return true;
    },
    openBatches: async () => [
      ...(await records.byState("submitting")),
      ...(await records.byState("running")),
    ],
    async giveUpOverdue(signal) {
      let count = 0;
      for (const batch of await records.overdue(clock.nowMs())) {
        if (await giveUp(deps, batch, signal)) count++;
      }
      return count;
    },
  };
}

/** Whether the money that was set aside is enough for what would be sent now in the place of what was to be. */
function isCovered({ items, target }: BatchOrder, known: StoredModelBatch, nowMs: number): boolean {
  if (items.length !== known.itemCount || target.id !== known.model) return false;
  return worstOf(items, target, nowMs).worstNanoUsd <= known.heldNanoUsd;
}

/** @throws RangeError for items that cannot be told apart, or whose ids a vendor would not take */
function checkItems(items: readonly BatchItem[]): void {
  if (items.length === 0) throw new RangeError("a batch has one item at least");
  if (new Set(items.map(({ id }) => id)).size < items.length) throw new RangeError("two items have one id");
  if (!items.every(({ id }) => BATCH_ITEM_ID.test(id))) throw new RangeError("an item's id is not one");
}

/** True when it has ended by that. */
async function giveUp(deps: BatchesDeps, batch: StoredModelBatch, signal: AbortSignal): Promise<boolean> {
  const { records, purses, clock, onEvent } = deps;
  const { id, provider, model, vendorBatchId } = batch;
  const vendor = deps.models(provider, model);
  if (batch.state === "running" && vendorBatchId !== undefined && vendor) {
    const ending = await collectUnread(deps, id, signal);
    if (ending !== "hopeless") return ending === "ended";
    // It should not cost any more; if that fails, nothing is left to be done about it.
    await vendor.cancel(vendorBatchId, signal).catch(() => undefined);
  }
  const from = batch.state === "running" ? "running" : "submitting";
  const end = async () => await records.end(id, from, "failed", clock.nowMs());
  const isFirst = await release(purses, clock, batch, end);
  if (isFirst) onEvent(toEvent("given-up", batch, 0));
  return isFirst;
}

/** Books what nobody came for. `hopeless`: neither now nor later. */
async function collectUnread(deps: BatchesDeps, id: string, signal: AbortSignal) {
  try {
    for await (const _ of collectBatch(deps, id, signal));
    return "ended";
  } catch (error) {
    if (signal.aborted) return "later";
    if (error instanceof BatchNotReadyError) return error.reason === "running" ? "hopeless" : "later";
    if (error instanceof ProviderError) return error.retryable ? "later" : "hopeless";
    throw error;
  }
}
