import { expect } from "vitest";
import type { BatchItem } from "../../batch-model.ts";
import type { ModelUsage } from "../../model.ts";
import { ProviderError } from "../provider-error.ts";
import type { BatchWire, HeldBatch, Outcome } from "./batch-wire.ts";
import { openBatchVendor } from "./open-batch-vendor.ts";
import type { WireAnswer } from "./vendor-wire.ts";

export const KEY = "key-never-to-be-seen";
export const SECRET = "what the prompt says";
export const NAME = "pool-2026-11-22T12";

export const never = new AbortController().signal;

export const usage: ModelUsage = {
  uncachedInputTokens: 70,
  cachedInputTokens: 30,
  cacheWriteTokens: { "5m": 0, "1h": 0 },
  outputTokens: 55,
  thinkingTokens: 0,
};
export const answer: WireAnswer = { texts: ["Once ", "upon a time."], stop: "complete", usage };
export const reply: Outcome = { type: "reply", answer };

export function toItem(id: string): BatchItem {
  const messages = [{ role: "user", text: `${SECRET} ${id}` }] as const;
  return { id, request: { system: [{ text: "You tell tales." }], messages, maxOutputTokens: 300 } };
}

export const ITEMS = ["a", "b-2", "c_3"].map(toItem);

/** Batches at a vendor on loopback, as far as a test wants them to have come. */
export function openBatches(wire: BatchWire) {
  const open = async () => {
    const vendor = await openBatchVendor(wire);
    return { vendor, model: wire.create(vendor.baseUrl, () => KEY) };
  };
  const submitted = async (items = ITEMS) => {
    const { vendor, model } = await open();
    const batchId = await model.submit(NAME, items, never);
    const [held] = vendor.office.batches;
    if (!held) throw new Error("the vendor has no batch");
    return { vendor, model, batchId, held };
  };
  /** A batch that has ended, with what became of its items, last first. */
  const ended = async (outcomes: readonly Outcome[], state: HeldBatch["state"] = "done") => {
    const all = await submitted(outcomes.map((_, at) => toItem(`item-${at}`)));
    end(all.held, outcomes, state);
    return { ...all, results: async () => await Array.fromAsync(all.model.results(all.batchId, never)) };
  };
  return { open, submitted, ended };
}

/** Ends a batch; results are told last first. */
export function end(held: HeldBatch, outcomes: readonly Outcome[], state: HeldBatch["state"] = "done"): void {
  held.state = state;
  const pairs = held.items.map(({ id }, at) => [id, outcomes[at]] as const);
  for (const [id, outcome] of pairs.reverse()) if (outcome) held.outcomes.set(id, outcome);
}

export async function failureOf(call: Promise<unknown>): Promise<ProviderError> {
  const error: unknown = await call.then(
    () => "it succeeded",
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ProviderError);
  return error as ProviderError;
}
