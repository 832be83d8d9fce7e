import { costNanoUsd } from "../catalogue/cost-of.ts";
import type { ModelEntry } from "../catalogue/catalogue-schema.ts";
import type { ModelRequest, ModelUsage } from "../model.ts";

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
  return texts + (output ? mostTokens(JSON.stringify(output)) : 0);
}

/** What a request cannot cost more than: all of its prompt at the dearest rate, and all the output it allows. */
export function worstCostNanoUsd(
  model: Pick<ModelEntry, "id" | "prices">,
  request: Pick<ModelRequest, "system" | "messages" | "output" | "maxOutputTokens">,
  atMs: number,
  share = 1,
): number {
  const prompt = mostPromptTokens(request);
  const output = request.maxOutputTokens;
  const asPlain = toUsage(prompt, output);
  const asWritten = (span: "5m" | "1h"): ModelUsage => ({
    ...toUsage(0, output),
    cacheWriteTokens: { "5m": 0, "1h": 0, [span]: prompt },
  });
  const cases = [asPlain, asWritten("5m"), asWritten("1h")];
  return Math.max(...cases.map((usage) => costNanoUsd(model, usage, atMs, share)));
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
