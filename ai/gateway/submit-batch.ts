import type { StoredModelBatch } from "#schema/stored/model-batch.ts";
import type { BatchItem } from "../batch-model.ts";
import { ProviderError, type ProviderFault } from "../providers/provider-error.ts";
import { hold, newlyReached, release, worstOf } from "./batch-books.ts";
import { type BatchesDeps, type BatchOrder, CLAIM_MS, modelOf, toEvent, unclaim } from "./batch-ports.ts";

/** What was never found at its vendor has ended there by then. */
const LOST_AFTER_MS = 26 * 3_600_000;
/** Vendors take a day, and keep results for some more. */
const OVER_AFTER_MS = 3 * 86_400_000;

/** With these the vendor took nothing; after any other failure it may have the batch all the same. */
const TOOK_NOTHING: ReadonlySet<ProviderFault> = new Set<ProviderFault>([
  "bad-request",
  "auth",
  "payment",
  "unknown-model",
  "too-large",
  "rate-limit",
  "quota",
]);

/**
 * A new batch in the books and at its vendor. Undefined when it is more than the account has left; as it is known when
 * somebody else has just opened it.
 */
export async function submitNew(deps: BatchesDeps, order: BatchOrder, signal: AbortSignal) {
  const { id, task, accountId, target, items } = order;
  const nowMs = deps.clock.nowMs();
  const { worstNanoUsd, mostInputTokens } = worstOf(items, target, nowMs);
  const held = await hold(deps, accountId, worstNanoUsd, nowMs);
  if (!held) return undefined;
  const batch: StoredModelBatch = {
    id,
    task,
    provider: target.provider,
    model: target.id,
    state: "submitting",
    isCalledOff: false,
    accountId,
    purseId: held.purseId,
    heldNanoUsd: worstNanoUsd,
    itemCount: items.length,
    mostInputTokens,
    submittedAtMs: nowMs,
    expiresAtMs: nowMs + LOST_AFTER_MS,
    claimedUntilMs: nowMs + CLAIM_MS,
  };
  if (!(await keep(deps, batch))) return batch;
  for (const percent of await newlyReached(deps.purses, held, nowMs)) deps.onAlert({ accountId, percent });
  return await send(deps, batch, items, signal);
}

/** Money is held before the batch is known: cut off in between, too much stays held until the purse is healed. */
async function keep({ records, purses, clock }: BatchesDeps, batch: StoredModelBatch): Promise<boolean> {
  const giveBack = async () => await purses.giveBack(batch.purseId, batch.heldNanoUsd, clock.nowMs());
  try {
    const isNew = await records.open(batch);
    if (!isNew) await giveBack();
    return isNew;
  } catch (error) {
    // Given back only if it is certain that no record speaks for it.
    if ((await records.get(batch.id).catch(() => batch)) === null) await giveBack();
    throw error;
  }
}

async function send(
  deps: BatchesDeps,
  batch: StoredModelBatch,
  items: readonly BatchItem[],
  signal: AbortSignal,
): Promise<StoredModelBatch> {
  const { records, purses, clock } = deps;
  const model = modelOf(deps, batch.provider, batch.model);
  let vendorBatchId: string;
  try {
    vendorBatchId = await model.submit(batch.id, items, signal);
  } catch (error) {
    if (error instanceof ProviderError && TOOK_NOTHING.has(error.fault)) {
      await release(purses, clock, batch, async () => await records.discard(batch.id));
    }
    throw error;
  }
  return await adopt(deps, batch, vendorBatchId, "submitted", signal);
}

async function adopt(
  deps: BatchesDeps,
  batch: StoredModelBatch,
  vendorBatchId: string,
  how: "submitted" | "found",
  signal: AbortSignal,
): Promise<StoredModelBatch> {
  const { records, clock, onEvent } = deps;
  const running = await records.run(batch.id, vendorBatchId, clock.nowMs() + OVER_AFTER_MS);
  if (running) {
    onEvent(toEvent(how, running));
    return running;
  }
  // It took so long that somebody else went on with it.
  const known = await records.get(batch.id);
  if (known?.vendorBatchId !== vendorBatchId) {
    await modelOf(deps, batch.provider, batch.model).cancel(vendorBatchId, signal);
    onEvent(toEvent("doubled", batch));
  }
  return known ?? batch;
}

/**
 * Goes on with a batch whose vendor never told its id, and so may have it: looks for it there, and only then sends it
 * again. Left as it is while somebody else is at it, the vendor cannot tell, or there are no items to send.
 */
export async function goOn(
  deps: BatchesDeps,
  batch: StoredModelBatch,
  items: readonly BatchItem[] | undefined,
  signal: AbortSignal,
): Promise<StoredModelBatch> {
  const { records, clock } = deps;
  const nowMs = clock.nowMs();
  const claimed = await records.claim(batch.id, "submitting", nowMs, nowMs + CLAIM_MS);
  if (!claimed) return (await records.get(batch.id)) ?? batch;
  let isSending = false;
  try {
    const lost = { name: batch.id, itemCount: batch.itemCount, sinceMs: batch.submittedAtMs };
    const search = await modelOf(deps, batch.provider, batch.model).find(lost, signal);
    if (search.state === "found") return await adopt(deps, claimed, search.batchId, "found", signal);
    if (search.state === "unclear" || !items) return claimed;
    isSending = true;
    return await send(deps, claimed, items, signal);
  } finally {
    // A call that failed may still arrive at the vendor: nobody is to look for it too soon.
    if (!isSending) await unclaim(deps, claimed);
  }
}
