import type { IncomingHttpHeaders } from "node:http";
import { type ModelUsage, promptTokens, type StopReason } from "../../model.ts";
import type { VendorWire, WireAnswer } from "./vendor-wire.ts";

/** Replies in the shape of Gemini's generateContent, written from the SDK's types and the documentation of errors. */
type GeminiWire = Omit<VendorWire, "provider" | "create">;

const FINISH: Readonly<Record<StopReason, string>> = {
  complete: "STOP",
  truncated: "MAX_TOKENS",
  refused: "SAFETY",
};

/** The names of statuses, as far as Google has one for a number. */
const NAMES: Readonly<Record<number, string>> = {
  400: "INVALID_ARGUMENT",
  401: "UNAUTHENTICATED",
  402: "RESOURCE_EXHAUSTED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  429: "RESOURCE_EXHAUSTED",
  500: "INTERNAL",
  503: "UNAVAILABLE",
};

const head = { modelVersion: "model-as-served", responseId: "response-1" };

interface Part {
  readonly text: string;
}

export const frame = (data: unknown) => `data: ${JSON.stringify(data)}\r\n\r\n`;

export function toGeminiUsage(usage: ModelUsage) {
  const prompt = promptTokens(usage);
  return {
    promptTokenCount: prompt,
    cachedContentTokenCount: usage.cachedInputTokens,
    candidatesTokenCount: usage.outputTokens - usage.thinkingTokens,
    thoughtsTokenCount: usage.thinkingTokens,
    totalTokenCount: prompt + usage.outputTokens,
  };
}

export function toCandidate(text: string, finishReason?: string) {
  return {
    index: 0,
    content: { role: "model", parts: [{ text }] },
    ...(finishReason && { finishReason }),
  };
}

export function toError(code: number, details: readonly object[] = []) {
  return {
    error: { code, message: "What went wrong, in words.", status: NAMES[code] ?? "UNKNOWN", details },
  };
}

const textOf = (parts: readonly Part[]) => parts.map(({ text }) => text).join("");

export const geminiWire: GeminiWire = {
  reports: { cacheWrites: "none", thinking: true },
  readKey: (headers: IncomingHttpHeaders) => [headers["x-goog-api-key"]].flat()[0],
  readRequest(path, body) {
    const { contents, systemInstruction, generationConfig } = body as {
      contents: { role: "user" | "model"; parts: Part[] }[];
      systemInstruction?: { parts: Part[] };
      generationConfig: {
        responseMimeType?: string;
        responseJsonSchema?: unknown;
        maxOutputTokens?: number;
      };
    };
    const { responseMimeType, responseJsonSchema, maxOutputTokens } = generationConfig;
    return {
      system: textOf(systemInstruction?.parts ?? []),
      messages: contents.map(({ role, parts }) => ({
        role: role === "model" ? "assistant" : role,
        text: textOf(parts),
      })),
      schema: responseMimeType === "application/json" ? responseJsonSchema : undefined,
      maxOutputTokens,
      streams: path.endsWith(":streamGenerateContent?alt=sse"),
    };
  },
  reply: ({ texts, stop, usage }: WireAnswer) => ({
    status: 200,
    body: JSON.stringify({
      ...head,
      candidates: [toCandidate(texts.join(""), FINISH[stop])],
      ...(usage && { usageMetadata: toGeminiUsage(usage) }),
    }),
  }),
  // Every frame counts so far, the last one everything.
  stream: ({ texts, stop, usage }) => {
    const begun = usage && toGeminiUsage({ ...usage, outputTokens: 1, thinkingTokens: 0 });
    return [
      ...texts.map((text) =>
        frame({ ...head, candidates: [toCandidate(text)], ...(begun && { usageMetadata: begun }) }),
      ),
      frame({
        ...head,
        candidates: [toCandidate("", FINISH[stop])],
        ...(usage && { usageMetadata: toGeminiUsage(usage) }),
      }),
    ];
  },
  error: (status, kind) => {
    const quota = {
      "@type": "type.googleapis.com/google.rpc.QuotaFailure",
      violations: [{ quotaId: "GenerateRequestsPerDayPerProjectPerModel" }],
    };
    return { status, body: JSON.stringify(toError(status, kind === "quota" ? [quota] : [])) };
  },
  errorFrame: () => frame(toError(503)),
};
