import * as z from "zod";
import type { Clock } from "./clock.ts";
import { InvalidTaskInputError, InvalidTaskOutputError, TaskAbortedError } from "./errors.ts";
import type { Rng } from "./rng.ts";

/** Everything a task may know of its surroundings; a seed in `rng` and a clock reproduce its output. */
export interface Scope {
  readonly userId?: string;
  readonly conversationId?: string;
  readonly personaId?: string;
  readonly signal: AbortSignal;
  readonly rng: Rng;
  readonly clock: Clock;
  readonly onDelta?: (text: string) => void;
}

export interface Prompt {
  readonly system: string;
  readonly user: string;
}

export interface Usage {
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly cacheWriteTokens: number;
  readonly outputTokens: number;
}

export interface TaskResult<Output> {
  readonly output: Output;
  readonly source: "model" | "offline";
  readonly provider?: string;
  readonly model?: string;
  readonly attempts: number;
  readonly usage: Usage;
  readonly costUsd: number;
  readonly truncated?: boolean;
}

/** One thing a model can be asked for, together with the writer that does it without any model. */
export interface Task<Input, Output> {
  readonly name: string;
  readonly input: z.core.$ZodType<Input>;
  readonly output: z.core.$ZodType<Output>;
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

const NO_USAGE: Usage = { inputTokens: 0, cachedTokens: 0, cacheWriteTokens: 0, outputTokens: 0 };

/**
 * Runs a task to a validated output.
 * @throws InvalidTaskInputError when the caller's input does not fit, InvalidTaskOutputError when the
 * writer broke its own schema, TaskAbortedError when `scope.signal` is aborted.
 */
export const runTask: RunTask = async (task, input, scope) => {
  if (scope.signal.aborted) throw new TaskAbortedError(task.name, scope.signal.reason);
  const checkedInput = z.safeParse(task.input, input);
  if (!checkedInput.success) throw new InvalidTaskInputError(task.name, checkedInput.error);
  const written = await task.writeOffline(checkedInput.data, scope);
  if (scope.signal.aborted) throw new TaskAbortedError(task.name, scope.signal.reason);
  const output = z.safeParse(task.output, written);
  if (!output.success) throw new InvalidTaskOutputError(task.name, output.error);
  if (task.answers?.(checkedInput.data, output.data) === false) {
    throw new InvalidTaskOutputError(task.name, undefined);
  }
  return { output: output.data, source: "offline", attempts: 1, usage: NO_USAGE, costUsd: 0 };
};
