import type OpenAI from "openai";
import type { ModelEvent, ModelReply, ModelRequest, ModelUsage, StopReason } from "../model.ts";
import { ProviderError } from "./provider-error.ts";

/** The chat completions shape, which OpenAI, Groq, Together and local servers share. */
type Params = OpenAI.ChatCompletionCreateParamsNonStreaming;
type Completion = OpenAI.ChatCompletion;
export type Chunk = OpenAI.ChatCompletionChunk & {
  /** Where Groq reports usage. */
  readonly x_groq?: { readonly usage?: OpenAI.CompletionUsage | null } | null;
};

/** The part of a request that all of them take; one message for the whole system prompt. */
export function toChatParams(model: string, request: ModelRequest): Params {
  const { system, messages, output, temperature, effort, maxOutputTokens } = request;
  return {
    model,
    messages: [
      ...(system.length > 0
        ? [{ role: "system" as const, content: system.map(({ text }) => text).join("\n\n") }]
        : []),
      ...messages.map(({ role, text }) => ({ role, content: text })),
    ],
    max_completion_tokens: maxOutputTokens,
    ...(temperature !== undefined && { temperature }),
    ...(effort && { reasoning_effort: effort }),
    ...(output && {
      response_format: {
        type: "json_schema" as const,
        json_schema: { name: output.name, strict: true, schema: output.json as Record<string, unknown> },
      },
    }),
  };
}

/** @throws ProviderError when it is no completion. */
export function fromCompletion(provider: string, completion: Completion): ModelReply {
  const choice = completion.choices?.[0];
  if (!choice?.message) throw new ProviderError(provider, "malformed");
  const { content, refusal } = choice.message;
  return {
    text: content ?? "",
    stop: refusal ? "refused" : toStop(choice.finish_reason),
    usage: toUsage(completion.usage),
    servedBy: completion.model,
  };
}

/** @throws ProviderError when the stream ends before it says why. */
export async function* fromChunks(provider: string, chunks: AsyncIterable<Chunk>): AsyncIterable<ModelEvent> {
  let text = "";
  let servedBy = "";
  let stop: StopReason | undefined;
  let isRefusal = false;
  let usage: ModelUsage | undefined;
  for await (const chunk of chunks) {
    servedBy ||= chunk.model ?? "";
    usage = toUsage(chunk.usage ?? chunk.x_groq?.usage) ?? usage;
    const choice = chunk.choices?.[0];
    if (!choice) continue;
    isRefusal ||= Boolean(choice.delta?.refusal);
    const piece = choice.delta?.content;
    if (piece) {
      text += piece;
      yield { type: "text", text: piece };
    }
    if (choice.finish_reason) stop = toStop(choice.finish_reason);
  }
  if (!stop) throw new ProviderError(provider, "interrupted");
  yield { type: "end", reply: { text, stop: isRefusal ? "refused" : stop, usage, servedBy } };
}

function toStop(reason: string | null | undefined): StopReason {
  if (reason === "length") return "truncated";
  return reason === "content_filter" ? "refused" : "complete";
}

/** Prompt tokens count those read from and written to the cache as well. */
function toUsage(usage: OpenAI.CompletionUsage | null | undefined): ModelUsage | undefined {
  if (!usage) return undefined;
  const cached = usage.prompt_tokens_details?.cached_tokens ?? 0;
  const written = usage.prompt_tokens_details?.cache_write_tokens ?? 0;
  return {
    uncachedInputTokens: Math.max(0, usage.prompt_tokens - cached - written),
    cachedInputTokens: cached,
    cacheWriteTokens: { "5m": written, "1h": 0 },
    outputTokens: usage.completion_tokens,
    thinkingTokens: usage.completion_tokens_details?.reasoning_tokens ?? 0,
  };
}
