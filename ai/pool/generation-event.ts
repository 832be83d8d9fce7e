import type { GenerationMethod } from "#schema/vocabulary.ts";
import type { DialogueRule } from "./check-dialogue.ts";

/** Ways of writing that a model has a part in. */
export const MODEL_METHODS = ["llm", "hybrid"] as const satisfies readonly GenerationMethod[];
export type ModelMethod = (typeof MODEL_METHODS)[number];

/** Why the offline writer wrote what a model was to write. */
export const FALL_BACK_REASONS = [
  "no-model",
  "over-budget",
  "refused",
  "failed",
  "invalid",
  /** What models wrote broke the pool's rules, twice. */
  "rejected",
  /** Models took so long for the batch that the rest of it was written without them. */
  "late",
] as const;
export type FallBackReason = (typeof FALL_BACK_REASONS)[number];

/** What happens while conversations are written, for the figures. */
export type GenerationEvent =
  /** A conversation is in the store. */
  | { readonly type: "written"; readonly conversationId: string; readonly method: GenerationMethod }
  | {
      readonly type: "rejected";
      readonly conversationId: string;
      readonly method: ModelMethod;
      readonly rules: readonly DialogueRule[];
    }
  | { readonly type: "fell-back"; readonly method: ModelMethod; readonly reason: FallBackReason };
