import { ApiError, GoogleGenAI, type GenerateContentParameters } from "@google/genai";
import type { LanguageModel, ModelRequest } from "../model.ts";
import { fromSdkError } from "./from-sdk-error.ts";
import { fromGeminiErrorBody } from "./gemini-error.ts";
import { fromGeminiChunks, fromGeminiResponse, toGeminiParams } from "./gemini-messages.ts";
import type { VendorOptions } from "./vendor-options.ts";
import { ProviderError } from "./provider-error.ts";

const PROVIDER = "gemini";

/** A model of Google, by the Gemini API. Nothing is logged there. */
export function createGeminiModel({ model, readKey, baseUrl }: VendorOptions): LanguageModel {
  const client = new GoogleGenAI({
    vertexai: false,
    // Without one the SDK looks for others; every call brings its own.
    apiKey: "comes with each call",
    httpOptions: { fetch: fetchOrFail, ...(baseUrl && { baseUrl }) },
  });
  const toParams = (request: ModelRequest, abortSignal: AbortSignal): GenerateContentParameters => {
    // The SDK throws an error without any status.
    if (request.messages.length === 0) throw new ProviderError(PROVIDER, "bad-request");
    const params = toGeminiParams(model, request);
    const httpOptions = { headers: { "x-goog-api-key": readKey() } };
    return { ...params, config: { ...params.config, abortSignal, httpOptions } };
  };
  return {
    provider: PROVIDER,
    model,
    async generate(request) {
      try {
        const response = await client.models.generateContent(toParams(request, request.signal));
        return fromGeminiResponse(PROVIDER, model, response);
      } catch (error) {
        throw toProviderError(error, request.signal);
      }
    },
    async *stream(request) {
      // The SDK leaves the connection open, and the model talking, when nobody reads on.
      const gone = new AbortController();
      try {
        const signal = AbortSignal.any([request.signal, gone.signal]);
        const chunks = await client.models.generateContentStream(toParams(request, signal));
        yield* fromGeminiChunks(PROVIDER, model, chunks);
      } catch (error) {
        throw toProviderError(error, request.signal);
      } finally {
        gone.abort();
      }
    },
  };
}

/** Reads failed calls itself: the SDK would drop their headers and keep their words. */
const fetchOrFail: typeof fetch = async (input, init) => {
  const response = await fetch(input, init).catch(() => {
    throw new ProviderError(PROVIDER, "unreachable");
  });
  if (response.ok) return response;
  const body = await response.text().catch(() => "");
  throw fromGeminiErrorBody(PROVIDER, response.status, body, response.headers.get("retry-after"));
};

/** What comes here without being a ProviderError happened after the answer had begun. */
function toProviderError(thrown: unknown, signal: AbortSignal): ProviderError {
  return fromSdkError(thrown instanceof ApiError ? fromStreamedError(thrown) : thrown, {
    provider: PROVIDER,
    signal,
    hasBegun: true,
  });
}

/** An error in mid-stream: the SDK has put its body behind a few words of its own. */
function fromStreamedError({ status, message }: ApiError): ProviderError {
  return fromGeminiErrorBody(PROVIDER, status, message.slice(message.indexOf("{")));
}
