import type { ModelBatchState, StoredModelBatch } from "#schema/stored/model-batch.ts";
import type { BatchItem, BatchModel } from "../batch-model.ts";
import type { Catalogue } from "../catalogue/read-catalogue.ts";
import type { ModelEntry } from "../catalogue/catalogue-schema.ts";
import type { Clock } from "../clock.ts";
import type { BudgetAlert } from "./budgets.ts";
import type { AccountsPort, LedgerPort, PursesPort } from "./ports.ts";

type OpenState = "submitting" | "running";
type EndState = Exclude<ModelBatchState, OpenState>;

/** What is kept of batches, wherever. Every change of state is one step that one process alone can make. */
export interface BatchRecordsPort {
  /** False when the id is known. */
  open(batch: StoredModelBatch): Promise<boolean>;
  get(id: string): Promise<StoredModelBatch | null>;
  claim(id: string, state: OpenState, nowMs: number, untilMs: number): Promise<StoredModelBatch | null>;
  extend(id: string, claimedUntilMs: number, untilMs: number): Promise<boolean>;
  run(id: string, vendorBatchId: string, expiresAtMs: number): Promise<StoredModelBatch | null>;
  callOff(id: string): Promise<boolean>;
  end(id: string, from: OpenState, to: EndState, nowMs: number): Promise<boolean>;
  discard(id: string): Promise<boolean>;
  byState(state: ModelBatchState): Promise<StoredModelBatch[]>;
  overdue(nowMs: number): Promise<StoredModelBatch[]>;
}

export interface BatchesDeps {
  /** Undefined where the provider has no batches, or no key. */
  readonly models: (provider: string, model: string) => BatchModel | undefined;
  readonly catalogue: Pick<Catalogue, "model">;
  readonly purses: PursesPort;
  readonly ledger: LedgerPort;
  readonly accounts: AccountsPort;
  readonly records: BatchRecordsPort;
  readonly clock: Clock;
  readonly onEvent: (event: BatchEvent) => void;
  readonly onAlert: (alert: BudgetAlert) => void;
}

/** Longer than anybody waits for a vendor's answer: whoever takes more than one renews it in between. */
export const CLAIM_MS = 2 * 60_000;

/** @throws RangeError where the provider takes no batches */
export function modelOf({ models }: BatchesDeps, provider: string, model: string): BatchModel {
  const found = models(provider, model);
  if (!found) throw new RangeError(`${provider} takes no batches for ${model}`);
  return found;
}

/** Ends one's claim before its time; one that could not be ended lapses. */
export async function unclaim(
  { records }: BatchesDeps,
  { id, claimedUntilMs }: Pick<StoredModelBatch, "id" | "claimedUntilMs">,
): Promise<void> {
  await records.extend(id, claimedUntilMs, 0).catch(() => false);
}

export function toEvent(
  type: BatchEvent["type"],
  { id, task, provider, model, itemCount }: StoredModelBatch,
  costNanoUsd?: number,
): BatchEvent {
  return { type, id, task, provider, model, itemCount, ...(costNanoUsd !== undefined && { costNanoUsd }) };
}

/** What is to be asked, of whom, and who pays. */
export interface BatchOrder {
  /** Unique for good: whoever submits the same id again gets the same batch. */
  readonly id: string;
  readonly task: string;
  readonly accountId: string;
  readonly target: ModelEntry;
  readonly items: readonly BatchItem[];
}

/** `ready`: the vendor has ended it, and it may be collected. Counts are 0 where the vendor tells none. */
export interface BatchProgress {
  readonly state: ModelBatchState | "ready";
  readonly done: number;
  readonly total: number;
}

/** Something that happened to a batch; holds nothing of requests or answers. */
export interface BatchEvent {
  readonly type:
    | "submitted"
    /** The vendor had it although its answer was lost. */
    | "found"
    | "collected"
    | "failed"
    | "cancelled"
    /** Its time was over: what the vendor may have done of it is not in the books. */
    | "given-up"
    /** It was submitted twice; the second one was called off. */
    | "doubled";
  readonly id: string;
  readonly task: string;
  readonly provider: string;
  readonly model: string;
  readonly itemCount: number;
  /** Once it has ended. */
  readonly costNanoUsd?: number;
}

/** There is nothing to collect now, and why. */
export class BatchNotReadyError extends Error {
  readonly reason: "unknown" | "submitting" | "running" | "taken";
  constructor(id: string, reason: BatchNotReadyError["reason"]) {
    super(`batch ${id} cannot be collected: ${reason}`);
    this.name = "BatchNotReadyError";
    this.reason = reason;
  }
}
