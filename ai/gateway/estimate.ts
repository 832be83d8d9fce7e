import { dearestNanoUsd } from "../catalogue/cost-of.ts";
import type { ModelEntry } from "../catalogue/catalogue-schema.ts";
import type { ModelRequest, ModelUsage, OutputSchema } from "../model.ts";

/** Roles, marks and brackets around a message. */
const AROUND_A_MESSAGE_TOKENS = 16;

/** No tokenizer in use makes more tokens of a text than it has bytes: each token stands for one byte at least. */
export const mostTokens = (text: string): number => Buffer.byteLength(text);

/** A bound that a request's prompt does not exceed, whoever counts it. */
export function mostPromptTokens({
  system,
  messages,
  output,
}: Pick<ModelRequest, "system" | "messages" | "output">): number {
  const parts = [...system, ...messages];
  const texts = parts.reduce((sum, { text }) => sum + mostTokens(text) + AROUND_A_MESSAGE_TOKENS, 0);
  return texts + (output ? mostOutputSchemaTokens(output) : 0);
}

/** A task asks for the same shape every time. */
const knownSchemas = new WeakMap<OutputSchema, number>();

function mostOutputSchemaTokens(output: OutputSchema): number {
  const known = knownSchemas.get(output);
  if (known !== undefined) return known;
  const most = mostTokens(JSON.stringify(output));
  knownSchemas.set(output, most);
  return most;
}

/** What a request cannot cost more than: all of its prompt at the dearest rate, and all the output it allows. */
export function worstCostNanoUsd(
  model: Pick<ModelEntry, "id" | "prices">,
  request: Pick<ModelRequest, "system" | "messages" | "output" | "maxOutputTokens">,
  atMs: number,
  share = 1,
): number {
  return dearestNanoUsd(model, mostPromptTokens(request), request.maxOutputTokens, atMs, share);
}

/**
 * What stands in the books for a call whose usage never arrived: not less than what was sent and delivered, and not more
 * than what was set aside for it.
 */
export const estimateUsage = (
  request: Pick<ModelRequest, "system" | "messages" | "output" | "maxOutputTokens">,
  delivered: string,
): ModelUsage => toUsage(mostPromptTokens(request), Math.min(request.maxOutputTokens, mostTokens(delivered)));

const toUsage = (uncachedInputTokens: number, outputTokens: number): ModelUsage => ({
  uncachedInputTokens,
  cachedInputTokens: 0,
  cacheWriteTokens: { "5m": 0, "1h": 0 },
  outputTokens,
  thinkingTokens: 0,
});
