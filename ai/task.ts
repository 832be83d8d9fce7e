import type * as z from "zod";
import type { ChainOrder } from "./catalogue/read-catalogue.ts";
import type { Clock } from "./clock.ts";
import type { PromptMessage, PromptPart } from "./model.ts";
import type { Rng } from "./rng.ts";

/** Everything a task may know of its surroundings; a seed in `rng` and a clock reproduce its output. */
export interface Scope {
  /** Who pays; the server's own account when left out. */
  readonly userId?: string;
  readonly conversationId?: string;
  /** The most that this conversation's tasks may cost together. */
  readonly conversationLimitNanoUsd?: number;
  readonly personaId?: string;
  /** Of the experiment this is part of. */
  readonly arm?: ScopeArm;
  readonly signal: AbortSignal;
  readonly rng: Rng;
  readonly clock: Clock;
  /** Pieces of a text as they are written; only tasks that give plain text have them. */
  readonly onDelta?: (text: string) => void;
}

/** An experiment's arm, as tasks know it. */
export interface ScopeArm {
  /** "experiment/arm" */
  readonly name: string;
  /** In which order providers are asked, where that is what is tried out. */
  readonly order?: ChainOrder;
}

/** What a model is told: what stays the same from call to call comes first, as a vendor keeps beginnings only. */
export interface Prompt {
  readonly system: readonly PromptPart[];
  readonly messages: readonly PromptMessage[];
  /** Prompts with the same key share a beginning. */
  readonly cacheKey?: string;
}

export interface Usage {
  /** The whole prompt, whatever was kept of it. */
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly cacheWriteTokens: number;
  /** All that is billed as output, thinking included. */
  readonly outputTokens: number;
  readonly thinkingTokens: number;
}

/** Why the offline writer wrote although models were there. */
export type OfflineReason =
  /** No provider has a key, or none does this task. */
  | "no-model"
  | "over-budget"
  | "refused"
  | "failed"
  /** What models wrote did not fit, not even after a repair. */
  | "invalid";

export interface TaskResult<Output> {
  readonly output: Output;
  readonly source: "model" | "offline";
  readonly offlineReason?: OfflineReason;
  readonly provider?: string;
  readonly model?: string;
  /** Calls that reached a provider. */
  readonly attempts: number;
  /** How many of them were refused. */
  readonly refusals: number;
  /** A model was asked to mend its answer. */
  readonly repaired: boolean;
  /** Of all attempts together, like the costs. */
  readonly usage: Usage;
  readonly costUsd: number;
  readonly costBreakdown: CostBreakdown;
  /** The text broke off, and what was delivered of it is kept. */
  readonly truncated?: boolean;
}

/** US dollars; they add up to the whole cost. */
export interface CostBreakdown {
  readonly input: number;
  readonly output: number;
  /** Reading from and writing to a vendor's cache. */
  readonly cache: number;
}

/** One thing a model can be asked for, together with the writer that does it without any model. */
export interface Task<Input, Output> {
  readonly name: string;
  readonly input: z.core.$ZodType<Input>;
  readonly output: z.core.$ZodType<Output>;
  /** The shape models are asked for, where it is narrower than the output's: what fits it must fit that as well. */
  readonly asked?: z.core.$ZodType;
  /** For a task that gives plain text, which can be streamed: what the text stands for. */
  readonly fromText?: (text: string, input: Input) => Output;
  /** Whether an output that has the right shape also answers this very input. */
  readonly answers?: (input: Input, output: Output) => boolean;
  readonly prompt: (input: Input) => Prompt;
  readonly writeOffline: (input: Input, scope: Scope) => Output | Promise<Output>;
}

export type RunTask = <Input, Output>(
  task: Task<Input, Output>,
  input: Input,
  scope: Scope,
) => Promise<TaskResult<Output>>;

/** Declares a task; exists so that input and output types are inferred from the schemas. */
export function defineTask<Input, Output>(task: Task<Input, Output>): Task<Input, Output> {
  return task;
}

/** A prompt of instructions and one question, with nothing in it worth keeping. */
export const toPlainPrompt = (system: string, user: string): Prompt => ({
  system: [{ text: system }],
  messages: [{ role: "user", text: user }],
});
