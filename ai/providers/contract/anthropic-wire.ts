import type { IncomingHttpHeaders } from "node:http";
import type { ModelUsage, StopReason } from "../../model.ts";
import type { VendorWire } from "./vendor-wire.ts";

/** Replies in the shape of Anthropic's messages, written from the SDK's types. */
type MessagesWire = Omit<VendorWire, "provider" | "create">;

interface TextBlock {
  readonly type: "text";
  readonly text: string;
}

const STOP: Readonly<Record<StopReason, string>> = {
  complete: "end_turn",
  truncated: "max_tokens",
  refused: "refusal",
};

/** Its type says what the status does. */
const ERROR_TYPES: Readonly<Record<number, string>> = {
  401: "authentication_error",
  402: "billing_error",
  403: "permission_error",
  404: "not_found_error",
  413: "request_too_large",
  429: "rate_limit_error",
  504: "timeout_error",
  529: "overloaded_error",
};

const head = { id: "msg_1", type: "message", role: "assistant", model: "model-as-served", container: null };

function stopOf(stop: StopReason) {
  return {
    stop_reason: STOP[stop],
    stop_sequence: null,
    stop_details: stop === "refused" ? { type: "refusal", category: null, explanation: "In words." } : null,
  };
}

function usageOf(usage: ModelUsage) {
  const { "5m": short, "1h": long } = usage.cacheWriteTokens;
  return {
    input_tokens: usage.uncachedInputTokens,
    cache_read_input_tokens: usage.cachedInputTokens,
    cache_creation_input_tokens: short + long,
    output_tokens: usage.outputTokens,
    output_tokens_details: { thinking_tokens: usage.thinkingTokens },
    server_tool_use: null,
  };
}

function writesOf({ cacheWriteTokens }: ModelUsage) {
  return {
    ephemeral_5m_input_tokens: cacheWriteTokens["5m"],
    ephemeral_1h_input_tokens: cacheWriteTokens["1h"],
  };
}

/** A frame of a stream; the SDK passes over those without a name. */
export function messageFrame(type: string, data: object = {}): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;
}

const delta = (index: number, change: object) =>
  messageFrame("content_block_delta", { index, delta: change });

export const messagesWire: MessagesWire = {
  reports: { cacheWrites: "by-span", thinking: true },
  readKey: ({ authorization }: IncomingHttpHeaders) => authorization?.replace(/^Bearer /, ""),
  readRequest(_path, body) {
    const { system, messages, output_config, max_tokens, stream } = body as {
      system?: TextBlock[];
      messages: { role: "user" | "assistant"; content: TextBlock[] }[];
      output_config?: { format?: { type: string; schema: unknown } };
      max_tokens?: number;
      stream?: boolean;
    };
    const format = output_config?.format;
    return {
      system: (system ?? []).map(({ text }) => text).join(""),
      messages: messages.map(({ role, content }) => ({
        role,
        text: content.map(({ text }) => text).join(""),
      })),
      schema: format?.type === "json_schema" ? format.schema : undefined,
      maxOutputTokens: max_tokens,
      streams: stream ?? false,
    };
  },
  reply: ({ texts, stop, usage }) => ({
    status: 200,
    body: JSON.stringify({
      ...head,
      content: [
        { type: "thinking", thinking: "What to tell?", signature: "c2ln" },
        { type: "text", text: texts.join(""), citations: null },
      ],
      ...stopOf(stop),
      ...(usage && { usage: { ...usageOf(usage), cache_creation: writesOf(usage) } }),
    }),
  }),
  stream: ({ texts, stop, usage }) => [
    messageFrame("message_start", {
      message: {
        ...head,
        content: [],
        stop_reason: null,
        stop_sequence: null,
        stop_details: null,
        // Output begins at one; the spans are told here and never again.
        ...(usage && {
          usage: {
            ...usageOf(usage),
            output_tokens: 1,
            output_tokens_details: null,
            cache_creation: writesOf(usage),
          },
        }),
      },
    }),
    messageFrame("content_block_start", {
      index: 0,
      content_block: { type: "thinking", thinking: "", signature: "" },
    }),
    messageFrame("ping"),
    delta(0, { type: "thinking_delta", thinking: "What to tell?" }),
    delta(0, { type: "signature_delta", signature: "c2ln" }),
    messageFrame("content_block_stop", { index: 0 }),
    messageFrame("content_block_start", {
      index: 1,
      content_block: { type: "text", text: "", citations: null },
    }),
    ...texts.map((text) => delta(1, { type: "text_delta", text })),
    messageFrame("content_block_stop", { index: 1 }),
    messageFrame("message_delta", {
      delta: { ...stopOf(stop), container: null },
      ...(usage && { usage: usageOf(usage) }),
    }),
    messageFrame("message_stop"),
  ],
  error: (status, kind) => ({
    status,
    headers: { "request-id": "req_1" },
    body: JSON.stringify({
      type: "error",
      error: {
        type: ERROR_TYPES[status] ?? (status >= 500 ? "api_error" : "invalid_request_error"),
        message: "What went wrong, in words.",
        details: kind === "quota" ? { error_code: "enforced_spend_limit_reached" } : null,
      },
      request_id: "req_1",
    }),
  }),
  errorFrame: () =>
    messageFrame("error", {
      error: { type: "overloaded_error", message: "Overloaded", details: null },
      request_id: "req_1",
    }),
};
