import type {
  AssistantMessageContent,
  ChatCompletionRequest,
  CompletionEvent,
  UsageInfo,
} from "@mistralai/mistralai/models/components";
import type { ModelEvent, ModelReply, ModelRequest, ModelUsage, StopReason } from "../model.ts";
import type { Completion } from "./mistral-errors.ts";
import { ProviderError } from "./provider-error.ts";

/**
 * A request in Mistral's terms. One message holds the whole system prompt; marks are left out, because its cache takes
 * a key and no marks.
 */
export function toMistralRequest(
  model: string,
  request: ModelRequest,
): Omit<ChatCompletionRequest, "stream"> {
  const { system, messages, output, temperature, effort, maxOutputTokens, cacheKey } = request;
  return {
    model,
    messages: [
      ...(system.length > 0
        ? [{ role: "system" as const, content: system.map(({ text }) => text).join("\n\n") }]
        : []),
      ...messages.map(({ role, text }) => ({ role, content: text })),
    ],
    maxTokens: maxOutputTokens,
    ...(temperature !== undefined && { temperature }),
    ...(effort && { reasoningEffort: effort }),
    ...(cacheKey && { promptCacheKey: cacheKey }),
    ...(output && {
      responseFormat: {
        type: "json_schema" as const,
        jsonSchema: { name: output.name, schemaDefinition: output.json, strict: true },
      },
    }),
  };
}

/** @throws ProviderError when it is no completion, or one that broke off by a fault of theirs. */
export function fromCompletion(provider: string, { choices, model, usage }: Completion): ModelReply {
  const choice = choices[0];
  if (!choice?.message) throw new ProviderError(provider, "malformed");
  return {
    text: toText(choice.message.content),
    stop: toStop(provider, choice.finishReason),
    usage: toUsage(usage),
    servedBy: model,
  };
}

/** @throws ProviderError when the stream ends before it says why, or by a fault of theirs. */
export async function* fromChunks(
  provider: string,
  events: AsyncIterable<CompletionEvent>,
): AsyncIterable<ModelEvent> {
  let text = "";
  let servedBy = "";
  let stop: StopReason | undefined;
  let usage: ModelUsage | undefined;
  for await (const { data } of events) {
    servedBy ||= data.model;
    usage = toUsage(data.usage) ?? usage;
    const choice = data.choices[0];
    if (!choice) continue;
    const piece = toText(choice.delta.content);
    if (piece) {
      text += piece;
      yield { type: "text", text: piece };
    } else {
      yield { type: "progress" };
    }
    if (choice.finishReason) stop = toStop(provider, choice.finishReason);
  }
  if (!stop) throw new ProviderError(provider, "interrupted");
  yield { type: "end", reply: { text, stop, usage, servedBy } };
}

/** Models that think answer in chunks, of which only text is the answer. */
function toText(content: AssistantMessageContent | null | undefined): string {
  if (!content || typeof content === "string") return content ?? "";
  return content.map((chunk) => (chunk.type === "text" ? chunk.text : "")).join("");
}

/** The SDK knows no reason for a filter, but hands unknown ones on. */
function toStop(provider: string, reason: string): StopReason {
  switch (reason) {
    case "error":
      throw new ProviderError(provider, "server");
    case "length":
    case "model_length":
      return "truncated";
    case "content_filter":
      return "refused";
    default:
      return "complete";
  }
}

/** Prompt tokens count the cached ones as well; neither cache writes nor thinking are told apart. */
function toUsage(usage: UsageInfo | undefined): ModelUsage | undefined {
  if (!usage) return undefined;
  const { promptTokens = 0, completionTokens = 0 } = usage;
  const cached = readCached(usage["prompt_tokens_details"]);
  return {
    uncachedInputTokens: Math.max(0, promptTokens - cached),
    cachedInputTokens: cached,
    cacheWriteTokens: { "5m": 0, "1h": 0 },
    outputTokens: completionTokens,
    thinkingTokens: 0,
  };
}

/** The SDK has no type for the details, and passes them as they come. */
function readCached(details: unknown): number {
  if (details === null || typeof details !== "object" || !("cached_tokens" in details)) return 0;
  return typeof details.cached_tokens === "number" ? details.cached_tokens : 0;
}
