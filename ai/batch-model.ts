import type { ModelReply, UnsignedRequest } from "./model.ts";
import type { ProviderFault } from "./providers/provider-error.ts";

/** One request of a batch. */
export interface BatchItem {
  /** Unique in its batch; fits `BATCH_ITEM_ID`. */
  readonly id: string;
  readonly request: UnsignedRequest;
}

/** What every vendor takes as the id of an item, with room for a mark of ours. */
export const BATCH_ITEM_ID = /^[A-Za-z0-9_-]{1,50}$/;

/** `done` once nothing more will come, however few of the items were answered; `failed` when the vendor took none. */
export type BatchState = "running" | "done" | "failed";

/** Counts are 0 where the vendor tells none. */
export interface BatchStatus {
  readonly state: BatchState;
  readonly done: number;
  readonly total: number;
}

/** An item that came too late has the fault `timeout`, one that was cancelled `aborted`. */
export type BatchResult =
  | { readonly id: string; readonly reply: ModelReply }
  | { readonly id: string; readonly fault: ProviderFault };

/** What is known of a submission whose answer was lost. */
export interface LostBatch {
  readonly name: string;
  readonly itemCount: number;
  /** It was submitted at that moment or later. */
  readonly sinceMs: number;
}

/** `unclear`: the vendor has a batch that may be it, and cannot tell before it has ended. */
export type BatchSearch =
  | { readonly state: "found"; readonly batchId: string }
  | { readonly state: "none" | "unclear" };

/** One model of one vendor, asked for many answers at once that may take a day. All errors are ProviderErrors. */
export interface BatchModel {
  readonly provider: string;
  readonly model: string;
  /** Gives the vendor's id of the batch; `name` is ours, by which it can be found. @throws ProviderError */
  submit(name: string, items: readonly BatchItem[], signal: AbortSignal): Promise<string>;
  /** Looks for a batch by our name. @throws ProviderError */
  find(lost: LostBatch, signal: AbortSignal): Promise<BatchSearch>;
  /** @throws ProviderError */
  look(batchId: string, signal: AbortSignal): Promise<BatchStatus>;
  /**
   * What is there, in any order, also of a batch that ended early. An item the vendor says nothing of is missing.
   * @throws ProviderError, also in the middle
   */
  results(batchId: string, signal: AbortSignal): AsyncIterable<BatchResult>;
  /** What was answered before stays, and is billed. @throws ProviderError */
  cancel(batchId: string, signal: AbortSignal): Promise<void>;
}
