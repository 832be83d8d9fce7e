import type { IncomingHttpHeaders } from "node:http";
import type { ModelUsage, StopReason } from "../../model.ts";
import type { VendorWire, WireAnswer } from "./vendor-wire.ts";

/** The SDK has no value for a filter; what a refusal would look like is a guess after OpenAI's. */
const FINISH: Readonly<Record<StopReason, string>> = {
  complete: "stop",
  truncated: "length",
  refused: "content_filter",
};

const head = { id: "cmpl-1", created: 1_790_000_000, model: "model-as-served" };

function toMistralUsage(usage: ModelUsage) {
  const { "5m": short, "1h": long } = usage.cacheWriteTokens;
  const prompt = usage.uncachedInputTokens + usage.cachedInputTokens + short + long;
  return {
    prompt_tokens: prompt,
    completion_tokens: usage.outputTokens,
    total_tokens: prompt + usage.outputTokens,
    prompt_tokens_details: { cached_tokens: usage.cachedInputTokens },
  };
}

const frame = (data: unknown) => `data: ${JSON.stringify(data)}\n\n`;

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

/** How Mistral speaks: written from its SDK's types and its error glossary. */
export const mistralWire: Omit<VendorWire, "provider" | "create"> = {
  reports: { cacheWrites: "none", thinking: false },
  readKey: ({ authorization }: IncomingHttpHeaders) => authorization?.replace(/^Bearer /, ""),
  readRequest(_path, body) {
    const { messages, response_format, max_tokens, stream } = body as {
      messages: { role: "system" | "user" | "assistant"; content: string }[];
      response_format?: { type: string; json_schema: { schema: unknown; strict: boolean } };
      max_tokens?: number;
      stream?: boolean;
    };
    return {
      system: messages
        .filter(({ role }) => role === "system")
        .map(({ content }) => content)
        .join("\n\n"),
      messages: messages.flatMap(({ role, content }) => (role === "system" ? [] : [{ role, text: content }])),
      schema: response_format?.json_schema.strict ? response_format.json_schema.schema : undefined,
      maxOutputTokens: max_tokens,
      streams: stream ?? false,
    };
  },
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
