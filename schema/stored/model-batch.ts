import * as z from "zod";

export const MODEL_BATCH_STATES = ["submitting", "running", "collected", "failed", "cancelled"] as const;
export type ModelBatchState = (typeof MODEL_BATCH_STATES)[number];

/**
 * Requests that a vendor answers together, within a day. `id` is ours, and the batch's name at the vendor's. Neither
 * requests nor answers are in here: the vendor keeps them.
 */
export const StoredModelBatch = z.object({
  id: z.string(),
  task: z.string(),
  provider: z.string(),
  model: z.string(),
  /** Missing until the vendor has told it. */
  vendorBatchId: z.optional(z.string()),
  state: z.enum(MODEL_BATCH_STATES),
  /** It was called off, and ends as `cancelled` when what was answered before has been collected. */
  isCalledOff: z.boolean(),
  accountId: z.string(),
  purseId: z.string(),
  /** What was taken out of the purse for it; given back, but for what it cost, when it ends. */
  heldNanoUsd: z.number(),
  itemCount: z.number(),
  /** More than all prompts together can have. */
  mostInputTokens: z.number(),
  submittedAtMs: z.number(),
  collectedAtMs: z.optional(z.number()),
  /** While it is open: when it is given up. */
  expiresAtMs: z.number(),
  /** Until then one process works on it, and others leave it alone. */
  claimedUntilMs: z.number(),
});
export type StoredModelBatch = z.infer<typeof StoredModelBatch>;
