import * as z from "zod";
import { InvalidTaskInputError, InvalidTaskOutputError, TaskAbortedError } from "./errors.ts";
import { ChainFailedError } from "./gateway/ask-chain.ts";
import type { Answer, Gateway, Question } from "./gateway/gateway.ts";
import { SYSTEM_ACCOUNT } from "./gateway/ports.ts";
import { Tally } from "./gateway/tally.ts";
import { ProviderError } from "./providers/provider-error.ts";
import { toOutputSchema } from "./providers/to-output-schema.ts";
import { readAnswer, toRepairPrompt } from "./read-answer.ts";
import type { OfflineReason, RunTask, Scope, Task, TaskResult } from "./task.ts";

const NANO_PER_USD = 1e9;

/**
 * Runs tasks by models, under all the gateway's policies: the answer is validated, repaired once if it does not fit,
 * and written offline when no model gives one. Its outputs always fit their schema.
 *
 * What it gives throws InvalidTaskInputError when the caller's input does not fit, InvalidTaskOutputError when the
 * offline writer broke its own schema, and TaskAbortedError when `scope.signal` is aborted.
 */
export function createRunTask(gateway: Pick<Gateway, "ask"> | undefined): RunTask {
  return async (task, input, scope) => {
    refuseAborted(task.name, scope);
    const checked = checkInput(task, input);
    const tally = new Tally();
    const asked = gateway
      ? await askModels(gateway, task, checked, scope, tally)
      : { offlineReason: "no-model" as const, repaired: false };
    refuseAborted(task.name, scope);
    if ("output" in asked) return bill(asked, tally);
    const output = await writeOffline(task, checked, scope);
    const { offlineReason, repaired } = asked;
    return bill({ output, source: "offline", ...(gateway && { offlineReason }), repaired }, tally);
  };
}

/** Runs tasks without any model. */
export const runOffline: RunTask = createRunTask(undefined);

/** A result without what it cost. */
type Unbilled<Output> = Omit<
  TaskResult<Output>,
  "attempts" | "refusals" | "usage" | "costUsd" | "costBreakdown"
>;

type Asked<Output> = Unbilled<Output> | { readonly offlineReason: OfflineReason; readonly repaired: boolean };

async function askModels<Input, Output>(
  gateway: Pick<Gateway, "ask">,
  task: Task<Input, Output>,
  input: Input,
  scope: Scope,
  tally: Tally,
): Promise<Asked<Output>> {
  let hasDelivered = false;
  let repaired = false;
  const offline = (offlineReason: OfflineReason): Asked<Output> => ({ offlineReason, repaired });
  const onDelta = task.fromText && scope.onDelta;
  const question: Question = {
    purpose: toPurpose(task.name, scope),
    prompt: task.prompt(input),
    signal: scope.signal,
    tally,
    trial: scope.arm?.order,
    output: task.fromText ? undefined : outputSchemaOf(task),
    onText:
      onDelta &&
      ((text) => {
        hasDelivered = true;
        onDelta(text);
      }),
  };
  try {
    const first = await gateway.ask(question);
    const read = readAnswer(task, input, first.reply);
    if (read.type === "output") return toAsked(first, read.output, repaired);
    // Words that were delivered cannot be said once more.
    if (read.type === "refused" || hasDelivered)
      return offline(read.type === "refused" ? "refused" : "invalid");
    repaired = true;
    const prompt = toRepairPrompt(question.prompt, first.reply, read.problem);
    const second = await gateway.ask({ ...question, prompt, first: first.target });
    const mended = readAnswer(task, input, second.reply);
    if (mended.type === "output") return toAsked(second, mended.output, repaired);
    return offline(mended.type === "refused" ? "refused" : "invalid");
  } catch (error) {
    if (error instanceof ProviderError) throw new TaskAbortedError(task.name, scope.signal.reason);
    if (error instanceof ChainFailedError) return offline(toReason(error));
    throw error;
  }
}

function toPurpose(task: string, scope: Scope): Question["purpose"] {
  const { userId, conversationId, conversationLimitNanoUsd, personaId, arm } = scope;
  const accountId = userId ?? SYSTEM_ACCOUNT;
  return { task, payer: { accountId, conversationId, conversationLimitNanoUsd }, personaId, arm: arm?.name };
}

function toAsked<Output>({ reply, target }: Answer, output: Output, repaired: boolean): Asked<Output> {
  return {
    output,
    source: "model",
    provider: target.provider,
    model: target.id,
    repaired,
    ...(reply.stop !== "complete" && { truncated: true }),
  };
}

function toReason({ reasons }: ChainFailedError): OfflineReason {
  if (reasons.length === 0) return "no-model";
  return reasons.some(({ fault }) => fault === "over-budget") ? "over-budget" : "failed";
}

function bill<Output>(written: Unbilled<Output>, tally: Tally): TaskResult<Output> {
  const { attempts, refusals, usage, costNanoUsd } = tally;
  const costBreakdown = tally.costBreakdown();
  return { ...written, attempts, refusals, usage, costUsd: costNanoUsd / NANO_PER_USD, costBreakdown };
}

const schemas = new WeakMap<object, ReturnType<typeof toOutputSchema>>();

/** Made once for each shape: it costs more than all else here. */
function outputSchemaOf<Input, Output>({ name, asked, output }: Task<Input, Output>) {
  const shape: z.core.$ZodType = asked ?? output;
  const known = schemas.get(shape);
  if (known) return known;
  const made = toOutputSchema(name, shape);
  schemas.set(shape, made);
  return made;
}

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
