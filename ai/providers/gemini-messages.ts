import {
  FinishReason,
  ThinkingLevel,
  type Content,
  type GenerateContentParameters,
  type GenerateContentResponse,
  type GenerateContentResponseUsageMetadata,
} from "@google/genai";
import type {
  ModelEvent,
  ModelReply,
  ModelRequest,
  ModelUsage,
  PromptMessage,
  PromptPart,
  StopReason,
} from "../model.ts";
import type { Beginning, KeptBeginning } from "./gemini-cache.ts";
import { ProviderError } from "./provider-error.ts";

const LEVELS = { low: ThinkingLevel.LOW, medium: ThinkingLevel.MEDIUM, high: ThinkingLevel.HIGH } as const;

/** Ends that leave nothing to use and say nothing about what was asked. */
const BROKEN: ReadonlySet<string> = new Set<string>([
  FinishReason.MALFORMED_RESPONSE,
  FinishReason.MALFORMED_FUNCTION_CALL,
  FinishReason.UNEXPECTED_TOOL_CALL,
  FinishReason.TOO_MANY_TOOL_CALLS,
]);

/** Ends for want of room; after a `CONTINUATION` the rest would take another call. */
const CUT: ReadonlySet<string> = new Set<string>([FinishReason.MAX_TOKENS, FinishReason.CONTINUATION]);

/**
 * The request in Gemini's terms, `kept` standing for its beginning. The cache key is left out, and so are marks: what
 * Gemini is to keep, it is told apart from the call. No second call follows a first by itself, as each is billed.
 */
export function toGeminiParams(
  model: string,
  request: ModelRequest,
  kept?: KeptBeginning,
): GenerateContentParameters {
  const { output, temperature, effort, maxOutputTokens } = request;
  return {
    model,
    contents: toContents(kept?.rest ?? request.messages),
    config: {
      maxOutputTokens,
      automaticContinuation: false,
      store: false,
      // A system prompt is refused beside a beginning that is kept, and is in there already.
      ...(kept ? { cachedContent: kept.name } : toSystem(request.system)),
      ...(temperature !== undefined && { temperature }),
      ...(effort && { thinkingConfig: { thinkingLevel: LEVELS[effort], includeThoughts: false } }),
      ...(output && { responseMimeType: "application/json", responseJsonSchema: output.json }),
    },
  };
}

/** The order to keep a beginning for as long as its mark says. */
export function toCacheParams(model: string, { system, messages, spanMs }: Beginning) {
  return {
    model,
    config: {
      ttl: `${spanMs / 1_000}s`,
      ...toSystem(system),
      ...(messages.length > 0 && { contents: toContents(messages) }),
    },
  };
}

const toContents = (messages: readonly PromptMessage[]): Content[] =>
  messages.map(({ role, text }) => ({ role: role === "assistant" ? "model" : role, parts: [{ text }] }));

const toSystem = (system: readonly PromptPart[]) =>
  system.length > 0 && {
    systemInstruction: { parts: [{ text: system.map(({ text }) => text).join("\n\n") }] },
  };

/** @throws ProviderError when it is no answer. */
export function fromGeminiResponse(
  provider: string,
  model: string,
  response: GenerateContentResponse,
): ModelReply {
  const stop = toStop(provider, response);
  if (!stop) throw new ProviderError(provider, "malformed");
  return {
    text: textOf(response),
    stop,
    usage: toUsage(response.usageMetadata),
    servedBy: response.modelVersion ?? model,
  };
}

/** @throws ProviderError when the stream ends before it says why. */
export async function* fromGeminiChunks(
  provider: string,
  model: string,
  chunks: AsyncIterable<GenerateContentResponse>,
): AsyncIterable<ModelEvent> {
  let text = "";
  let servedBy: string | undefined;
  let stop: StopReason | undefined;
  let counts: GenerateContentResponseUsageMetadata | undefined;
  for await (const chunk of chunks) {
    servedBy ??= chunk.modelVersion;
    // Every chunk counts from the start, but not each counts everything.
    if (chunk.usageMetadata) counts = Object.assign(counts ?? {}, chunk.usageMetadata);
    const piece = textOf(chunk);
    if (piece) {
      text += piece;
      yield { type: "text", text: piece };
    } else {
      yield { type: "progress" };
    }
    stop = toStop(provider, chunk) ?? stop;
  }
  if (!stop) throw new ProviderError(provider, "interrupted");
  yield { type: "end", reply: { text, stop, usage: toUsage(counts), servedBy: servedBy ?? model } };
}

/** What was said, without what was thought; the SDK's own `text` writes warnings to the console. */
function textOf({ candidates }: GenerateContentResponse): string {
  const parts = candidates?.[0]?.content?.parts ?? [];
  return parts.map(({ text, thought }) => (thought ? "" : (text ?? ""))).join("");
}

/**
 * Undefined while the answer goes on. What is not known for an end of the model's own making is a filter: Gemini has
 * many, and adds to them.
 */
function toStop(
  provider: string,
  { candidates, promptFeedback }: GenerateContentResponse,
): StopReason | undefined {
  if (promptFeedback?.blockReason) return "refused";
  const reason = candidates?.[0]?.finishReason;
  if (!reason) return undefined;
  if (BROKEN.has(reason)) throw new ProviderError(provider, "malformed");
  if (reason === FinishReason.STOP) return "complete";
  return CUT.has(reason) ? "truncated" : "refused";
}

/** Prompt tokens count cached ones as well, but not what tools gave back; candidates' tokens leave out thoughts. */
function toUsage(counts: GenerateContentResponseUsageMetadata | undefined): ModelUsage | undefined {
  if (!counts) return undefined;
  const {
    promptTokenCount: prompt = 0,
    toolUsePromptTokenCount: tools = 0,
    cachedContentTokenCount: cached = 0,
    candidatesTokenCount: said = 0,
    thoughtsTokenCount: thought = 0,
  } = counts;
  return {
    uncachedInputTokens: Math.max(0, prompt - cached) + tools,
    cachedInputTokens: cached,
    cacheWriteTokens: { "5m": 0, "1h": 0 },
    outputTokens: said + thought,
    thinkingTokens: thought,
  };
}
