import * as z from "zod";
import { InvalidTaskInputError, InvalidTaskOutputError, TaskAbortedError } from "./errors.ts";
import type { RunTask, Scope, Task } from "./task.ts";

const NOTHING = {
  usage: { inputTokens: 0, cachedTokens: 0, cacheWriteTokens: 0, outputTokens: 0, thinkingTokens: 0 },
  costUsd: 0,
  costBreakdown: { input: 0, output: 0, cache: 0 },
};

/** Runs tasks without any model. @throws as `createRunTask` says */
export const runOffline: RunTask = async (task, input, scope) => {
  refuseAborted(task.name, scope);
  const output = await writeOffline(task, checkInput(task, input), scope);
  return { output, source: "offline", attempts: 1, ...NOTHING };
};

function refuseAborted(task: string, { signal }: Scope): void {
  if (signal.aborted) throw new TaskAbortedError(task, signal.reason);
}

function checkInput<Input, Output>(task: Task<Input, Output>, input: Input): Input {
  const checked = z.safeParse(task.input, input);
  if (!checked.success) throw new InvalidTaskInputError(task.name, checked.error);
  return checked.data;
}

async function writeOffline<Input, Output>(task: Task<Input, Output>, input: Input, scope: Scope) {
  const written = await task.writeOffline(input, scope);
  refuseAborted(task.name, scope);
  const output = z.safeParse(task.output, written);
  if (!output.success) throw new InvalidTaskOutputError(task.name, output.error);
  if (task.answers?.(input, output.data) === false) throw new InvalidTaskOutputError(task.name, undefined);
  return output.data;
}
