import { type ModelUsage, promptTokens } from "../../model.ts";
import { FINISH, frame, readBearer, readChatRequest } from "./openai-wire.ts";
import type { VendorWire, WireAnswer } from "./vendor-wire.ts";

const head = { id: "cmpl-1", created: 1_790_000_000, model: "model-as-served" };

function toMistralUsage(usage: ModelUsage) {
  const prompt = promptTokens(usage);
  return {
    prompt_tokens: prompt,
    completion_tokens: usage.outputTokens,
    total_tokens: prompt + usage.outputTokens,
    prompt_tokens_details: { cached_tokens: usage.cachedInputTokens },
  };
}

/** One event of a stream. */
export function toMistralChunk(delta: object, finish: string | null = null, usage?: ModelUsage): string {
  return frame({
    ...head,
    object: "chat.completion.chunk",
    choices: [{ index: 0, delta, finish_reason: finish }],
    ...(usage && { usage: toMistralUsage(usage) }),
  });
}

/** A whole completion; `content` may be chunks, as of models that think. */
export function toMistralCompletion(content: unknown, finish: string, usage?: ModelUsage): string {
  return JSON.stringify({
    ...head,
    object: "chat.completion",
    choices: [{ index: 0, message: { role: "assistant", content, tool_calls: null }, finish_reason: finish }],
    ...(usage && { usage: toMistralUsage(usage) }),
  });
}

/**
 * How Mistral speaks: written from its SDK's types and its error glossary. The SDK has no value for a filter; what a
 * refusal would look like is a guess after OpenAI's.
 */
export const mistralWire: Omit<VendorWire, "provider" | "create"> = {
  reports: { cacheWrites: "none", thinking: false },
  readKey: readBearer,
  readRequest: (_path, body) => readChatRequest(body, "max_tokens"),
  reply: ({ texts, stop, usage }: WireAnswer) => ({
    status: 200,
    body: toMistralCompletion(texts.join(""), FINISH[stop], usage),
  }),
  stream: ({ texts, stop, usage }) => [
    toMistralChunk({ role: "assistant", content: "" }),
    ...texts.map((content) => toMistralChunk({ content })),
    toMistralChunk({ content: "" }, FINISH[stop], usage),
    "data: [DONE]\n\n",
  ],
  // An account that is used up gets a 402 from Mistral; under 429 the type is OpenAI's.
  error: (status, kind) => ({
    status,
    body: JSON.stringify({
      object: "error",
      message: "What went wrong, in words.",
      type: kind === "quota" ? "insufficient_quota" : "some_error",
      param: null,
      code: null,
    }),
  }),
  errorFrame: () =>
    frame({
      object: "error",
      message: "The server had an error.",
      type: "server_error",
      param: null,
      code: null,
    }),
};
