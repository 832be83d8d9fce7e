import type {
  LanguageModel,
  ModelEvent,
  ModelReply,
  ModelRequest,
  ModelUsage,
  StopReason,
} from "../model.ts";
import { fromSdkError } from "./from-sdk-error.ts";
import { ProviderError } from "./provider-error.ts";

/** The parts of the chat completions shape that are read; OpenAI, Groq, Together and local servers share them. */
interface ChatUsage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly prompt_tokens_details?:
    | { readonly cached_tokens?: number; readonly cache_write_tokens?: number }
    | null
    | undefined;
  readonly completion_tokens_details?: { readonly reasoning_tokens?: number } | null | undefined;
}

export interface Completion {
  readonly model: string;
  readonly choices: readonly {
    readonly finish_reason: string | null;
    readonly message: { readonly content: string | null; readonly refusal?: string | null };
  }[];
  readonly usage?: ChatUsage | null | undefined;
}

interface Chunk {
  readonly model: string;
  readonly choices: readonly {
    readonly finish_reason: string | null;
    readonly delta: { readonly content?: string | null; readonly refusal?: string | null };
  }[];
  readonly usage?: ChatUsage | null | undefined;
  /** Where Groq reports usage. */
  readonly x_groq?: { readonly usage?: ChatUsage | null | undefined } | null | undefined;
}

/** The two calls of an SDK that speaks chat completions. */
interface ChatCalls {
  complete(request: ModelRequest): Promise<Completion>;
  open(request: ModelRequest): Promise<AsyncIterable<Chunk>>;
}

/** A model behind such an SDK. */
export function createModelOfCalls(provider: string, model: string, calls: ChatCalls): LanguageModel {
  return {
    provider,
    model,
    async generate(request) {
      try {
        return fromCompletion(provider, await calls.complete(request));
      } catch (error) {
        throw fromSdkError(error, { provider, signal: request.signal, hasBegun: false });
      }
    },
    async *stream(request) {
      let hasBegun = false;
      try {
        const chunks = await calls.open(request);
        hasBegun = true;
        yield* fromChunks(provider, chunks);
      } catch (error) {
        throw fromSdkError(error, { provider, signal: request.signal, hasBegun });
      }
    },
  };
}

/** The part of a request that all of them take; one message for the whole system prompt. */
export function toChatParams(model: string, request: ModelRequest) {
  const { system, messages, output, temperature, effort, maxOutputTokens } = request;
  const instructions = system.map(({ text }) => text).join("\n\n");
  return {
    model,
    messages: [
      ...(instructions ? [{ role: "system" as const, content: instructions }] : []),
      ...messages.map(({ role, text }) => ({ role, content: text })),
    ],
    max_completion_tokens: maxOutputTokens,
    ...(temperature !== undefined && { temperature }),
    ...(effort && { reasoning_effort: effort }),
    ...(output && {
      response_format: {
        type: "json_schema" as const,
        json_schema: { name: output.name, strict: true, schema: { ...output.json } },
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
async function* fromChunks(provider: string, chunks: AsyncIterable<Chunk>): AsyncIterable<ModelEvent> {
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
    } else {
      yield { type: "progress" };
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
function toUsage(usage: ChatUsage | null | undefined): ModelUsage | undefined {
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
