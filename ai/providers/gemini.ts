import { ApiError, GoogleGenAI, type GenerateContentParameters } from "@google/genai";
import type { LanguageModel, ModelReply, ModelRequest } from "../model.ts";
import { fromSdkError } from "./from-sdk-error.ts";
import { type Beginning, createGeminiCaches, type Kept, type KeptBeginning } from "./gemini-cache.ts";
import { fromGeminiErrorBody } from "./gemini-error.ts";
import { fromGeminiChunks, fromGeminiResponse, toCacheParams, toGeminiParams } from "./gemini-messages.ts";
import type { VendorOptions } from "./vendor-options.ts";
import { ProviderError } from "./provider-error.ts";

const PROVIDER = "gemini";

/** Caches are in no other version of the interface. */
const CACHES_API = "v1beta";

/** How Google says that it does not know a cache, or will not have it used so. */
const NOT_KEPT: readonly (number | undefined)[] = [400, 403, 404];

/** A model of Google, by the Gemini API. Nothing is logged there. */
export function createGeminiModel({ model, readKey, baseUrl, caching }: VendorOptions): LanguageModel {
  const client = openGeminiClient(baseUrl);
  const toHttp = (apiVersion?: string) => ({
    headers: { "x-goog-api-key": readKey() },
    ...(apiVersion && { apiVersion }),
  });
  const caches = caching && createGeminiCaches({ ...caching, keep });

  async function keep(beginning: Beginning, abortSignal: AbortSignal): Promise<Kept> {
    const { model: name, config } = toCacheParams(model, beginning);
    const kept = await client.caches.create({
      model: name,
      config: { ...config, abortSignal, httpOptions: toHttp(CACHES_API) },
    });
    if (!kept.name) throw new ProviderError(PROVIDER, "malformed");
    return { name: kept.name, tokens: kept.usageMetadata?.totalTokenCount };
  }

  const toParams = (request: ModelRequest, abortSignal: AbortSignal, kept?: KeptBeginning) => {
    const { config, ...params } = toGeminiParams(model, request, kept);
    const httpOptions = toHttp(kept && CACHES_API);
    return { ...params, config: { ...config, abortSignal, httpOptions } };
  };

  /** Calls with the beginning that is kept, and with the whole prompt where none is, or is no more. */
  async function call<T>(
    request: ModelRequest,
    signal: AbortSignal,
    send: (params: GenerateContentParameters) => Promise<T>,
  ): Promise<T> {
    // The SDK throws an error without any status.
    if (request.messages.length === 0) throw new ProviderError(PROVIDER, "bad-request");
    const kept = caches?.find(request);
    try {
      if (kept) return await send(toParams(request, signal, kept));
    } catch (error) {
      if (!kept || !(error instanceof ProviderError) || !NOT_KEPT.includes(error.status)) throw error;
      caches?.forget(kept);
    }
    return await send(toParams(request, signal));
  }

  const countWrites = (request: ModelRequest, reply: ModelReply) =>
    caches ? caches.countWrites(request, reply) : reply;

  return {
    provider: PROVIDER,
    model,
    async generate(request) {
      try {
        const response = await call(request, request.signal, async (params) => {
          return await client.models.generateContent(params);
        });
        return countWrites(request, fromGeminiResponse(PROVIDER, model, response));
      } catch (error) {
        throw fromGeminiError(error, request.signal);
      }
    },
    async *stream(request) {
      // The SDK leaves the connection open, and the model talking, when nobody reads on.
      const gone = new AbortController();
      try {
        const signal = AbortSignal.any([request.signal, gone.signal]);
        const chunks = await call(request, signal, async (params) => {
          return await client.models.generateContentStream(params);
        });
        for await (const event of fromGeminiChunks(PROVIDER, model, chunks)) {
          yield event.type === "end" ? { ...event, reply: countWrites(request, event.reply) } : event;
        }
      } catch (error) {
        throw fromGeminiError(error, request.signal);
      } finally {
        gone.abort();
      }
    },
  };
}

export function openGeminiClient(baseUrl: string | undefined): GoogleGenAI {
  return new GoogleGenAI({
    vertexai: false,
    // Without one the SDK looks for others; every call brings its own.
    apiKey: "comes with each call",
    httpOptions: { fetch: fetchOrFail, ...(baseUrl && { baseUrl }) },
  });
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
export function fromGeminiError(thrown: unknown, signal: AbortSignal): ProviderError {
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
