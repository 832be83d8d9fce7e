import OpenAI from "openai";
import type { LanguageModel } from "../model.ts";
import { fromSdkError } from "./from-sdk-error.ts";
import { fromChunks, fromCompletion, toChatParams } from "./openai-chat.ts";

export interface VendorOptions {
  readonly model: string;
  /** Read before every call, so that a new key needs no restart. */
  readonly readKey: () => string;
  readonly baseUrl?: string | undefined;
}

const BASE_URL = "https://api.openai.com/v1";

/** Longer than any call may take: the gateway has limits of its own. */
export const CALL_LIMIT_MS = 10 * 60_000;

/** A model of OpenAI, by chat completions. Nothing is stored there. */
export function createOpenAiModel(options: VendorOptions): LanguageModel {
  return createChatModel("openai", options, { store: false });
}

/** A model behind any server that speaks OpenAI's chat completions; `extra` is sent with every call. */
export function createChatModel(
  provider: string,
  { model, readKey, baseUrl }: VendorOptions,
  extra: Pick<OpenAI.ChatCompletionCreateParams, "store"> = {},
): LanguageModel {
  const client = new OpenAI({
    apiKey: async () => readKey(),
    maxRetries: 0,
    timeout: CALL_LIMIT_MS,
    logLevel: "off",
    // Always given, so that no variable of the SDK's own can lead keys and prompts elsewhere.
    baseURL: baseUrl ?? BASE_URL,
  });
  return {
    provider,
    model,
    async generate(request) {
      const { signal, cacheKey } = request;
      try {
        const params = {
          ...toChatParams(model, request),
          ...extra,
          ...(cacheKey && { prompt_cache_key: cacheKey }),
        };
        return fromCompletion(provider, await client.chat.completions.create(params, { signal }));
      } catch (error) {
        throw fromSdkError(error, { provider, signal, hasBegun: false });
      }
    },
    async *stream(request) {
      const { signal, cacheKey } = request;
      let hasBegun = false;
      try {
        const params = {
          ...toChatParams(model, request),
          ...extra,
          ...(cacheKey && { prompt_cache_key: cacheKey }),
          stream: true as const,
          stream_options: { include_usage: true },
        };
        const chunks = await client.chat.completions.create(params, { signal });
        hasBegun = true;
        yield* fromChunks(provider, chunks);
      } catch (error) {
        throw fromSdkError(error, { provider, signal, hasBegun });
      }
    },
  };
}
