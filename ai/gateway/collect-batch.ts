import type { StoredModelBatch } from "#schema/stored/model-batch.ts";
import type { BatchResult } from "../batch-model.ts";
import { release, toBatchEntry } from "./batch-books.ts";
import { type BatchesDeps, BatchNotReadyError, CLAIM_MS, modelOf, toEvent, unclaim } from "./batch-ports.ts";
import { inPieces } from "./in-pieces.ts";

const BOOKED_AT_ONCE = 64;

/** As `Batches.collect` says. */
export async function* collectBatch(
  deps: BatchesDeps,
  id: string,
  signal: AbortSignal,
): AsyncGenerator<BatchResult> {
  const { records, purses, clock, onEvent } = deps;
  const known = await records.get(id);
  if (!known) throw new BatchNotReadyError(id, "unknown");
  if (known.state === "submitting") throw new BatchNotReadyError(id, "submitting");
  if (known.vendorBatchId === undefined) return;
  const model = modelOf(deps, known.provider, known.model);
  if (known.state !== "running") {
    yield* model.results(known.vendorBatchId, signal);
    return;
  }
  const { state } = await model.look(known.vendorBatchId, signal);
  if (state === "running") throw new BatchNotReadyError(id, "running");
  const nowMs = clock.nowMs();
  const batch = await records.claim(id, "running", nowMs, nowMs + CLAIM_MS);
  if (!batch) throw new BatchNotReadyError(id, "taken");
  const cost = yield* bookAndHandOn(deps, batch, model.results(known.vendorBatchId, signal));
  const end = state === "failed" ? "failed" : batch.isCalledOff ? "cancelled" : "collected";
  const isFirst = await release(
    purses,
    clock,
    batch,
    async () => await records.end(id, "running", end, clock.nowMs()),
    cost,
  );
  if (isFirst) onEvent(toEvent(end, batch, cost));
}

/** Books every piece before it hands it on, as long as the claim holds; gives what all of it cost. */
async function* bookAndHandOn(
  deps: BatchesDeps,
  batch: StoredModelBatch,
  results: AsyncIterable<BatchResult>,
): AsyncGenerator<BatchResult, number> {
  const { catalogue, ledger, records, clock } = deps;
  const target = catalogue.model(batch.provider, batch.model);
  const seen = new Set<string>();
  let { claimedUntilMs } = batch;
  let cost = 0;
  try {
    for await (const piece of inPieces(results, BOOKED_AT_ONCE)) {
      const nowMs = clock.nowMs();
      const fresh = piece.filter(({ id }) => !seen.has(id) && seen.add(id));
      const entries = fresh.flatMap((result) =>
        "reply" in result ? [toBatchEntry(batch, target, result.id, result.reply, nowMs)] : [],
      );
      await ledger.append(entries);
      for (const { costNanoUsd } of entries) cost += costNanoUsd;
      const isOurs = await records.extend(batch.id, claimedUntilMs, nowMs + CLAIM_MS);
      if (!isOurs) throw new BatchNotReadyError(batch.id, "taken");
      claimedUntilMs = nowMs + CLAIM_MS;
      yield* fresh;
    }
    return cost;
  } finally {
    await unclaim(deps, { id: batch.id, claimedUntilMs });
  }
}
