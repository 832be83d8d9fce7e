import type { IncomingHttpHeaders } from "node:http";
import { type ModelUsage, promptTokens, type StopReason } from "../../model.ts";
import type { VendorWire, WireAnswer, WireRequest } from "./vendor-wire.ts";

/** Replies in the shape of OpenAI's chat completions, written from the SDK's types. */
type ChatWire = Omit<VendorWire, "provider" | "create">;

export const FINISH: Readonly<Record<StopReason, string>> = {
  complete: "stop",
  truncated: "length",
  refused: "content_filter",
};

const head = { id: "chatcmpl-1", created: 1_790_000_000, model: "model-as-served" };

export function toChatUsage(usage: ModelUsage) {
  const { "5m": short, "1h": long } = usage.cacheWriteTokens;
  const prompt = promptTokens(usage);
  return {
    prompt_tokens: prompt,
    completion_tokens: usage.outputTokens,
    total_tokens: prompt + usage.outputTokens,
    prompt_tokens_details: { cached_tokens: usage.cachedInputTokens, cache_write_tokens: short + long },
    completion_tokens_details: { reasoning_tokens: usage.thinkingTokens },
  };
}

export const frame = (data: unknown) => `data: ${JSON.stringify(data)}\n\n`;

function toChunk(delta: object, finish: string | null = null) {
  return { ...head, object: "chat.completion.chunk", choices: [{ index: 0, delta, finish_reason: finish }] };
}

export const readBearer = ({ authorization }: IncomingHttpHeaders): string | undefined =>
  authorization?.replace(/^Bearer /, "");

/** A request in the chat completions shape; vendors call the limit of tokens differently. */
export function readChatRequest(body: unknown, limit: "max_tokens" | "max_completion_tokens"): WireRequest {
  const { messages, response_format, stream, ...rest } = body as {
    messages: { role: "system" | "user" | "assistant"; content: string }[];
    response_format?: { json_schema: { schema: unknown; strict: boolean } };
    stream?: boolean;
    max_tokens?: number;
    max_completion_tokens?: number;
  };
  return {
    system: messages
      .filter(({ role }) => role === "system")
      .map(({ content }) => content)
      .join("\n\n"),
    messages: messages.flatMap(({ role, content }) => (role === "system" ? [] : [{ role, text: content }])),
    schema: response_format?.json_schema.strict ? response_format.json_schema.schema : undefined,
    maxOutputTokens: rest[limit],
    streams: stream ?? false,
  };
}

export const chatWire: ChatWire = {
  reports: { cacheWrites: "5m", thinking: true },
  readKey: readBearer,
  readRequest: (_path, body) => readChatRequest(body, "max_completion_tokens"),
  reply: ({ texts, stop, usage }: WireAnswer) => ({
    status: 200,
    body: JSON.stringify({
      ...head,
      object: "chat.completion",
      choices: [
        {
          index: 0,
          message: { role: "assistant", content: texts.join(""), refusal: null },
          finish_reason: FINISH[stop],
        },
      ],
      ...(usage && { usage: toChatUsage(usage) }),
    }),
  }),
  stream: ({ texts, stop, usage }) => [
    frame(toChunk({ role: "assistant", content: "" })),
    ...texts.map((content) => frame(toChunk({ content }))),
    frame(toChunk({}, FINISH[stop])),
    ...(usage
      ? [frame({ ...head, object: "chat.completion.chunk", choices: [], usage: toChatUsage(usage) })]
      : []),
    "data: [DONE]\n\n",
  ],
  error: (status, kind) => ({
    status,
    body: JSON.stringify({
      error: {
        message: "What went wrong, in words.",
        type: kind === "quota" ? "insufficient_quota" : "some_error",
        param: null,
        code: kind === "quota" ? "insufficient_quota" : null,
      },
    }),
  }),
  errorFrame: () =>
    frame({ error: { message: "The server had an error.", type: "server_error", code: null } }),
};
