import OpenAI from "openai";
import type { LanguageModel, ModelRequest } from "../model.ts";
import { createModelOfCalls, toChatParams } from "./openai-chat.ts";
import { CALL_LIMIT_MS, type VendorOptions } from "./vendor-options.ts";

const BASE_URL = "https://api.openai.com/v1";

/** A model of OpenAI, by chat completions. Nothing is stored there. */
export function createOpenAiModel(options: VendorOptions): LanguageModel {
  return createChatModel("openai", options, () => ({ store: false }));
}

/** A model behind any server that speaks OpenAI's chat completions; `toExtra` is sent with every call. */
export function createChatModel(
  provider: string,
  options: VendorOptions,
  toExtra: (
    request: ModelRequest,
  ) => Pick<OpenAI.ChatCompletionCreateParams, "store" | "max_tokens"> = () => ({}),
): LanguageModel {
  const { model } = options;
  const client = openOpenAiClient(options);
  const toParams = (request: ModelRequest) => ({
    ...toChatParams(model, request),
    ...toExtra(request),
    ...(request.cacheKey && { prompt_cache_key: request.cacheKey }),
  });
  return createModelOfCalls(provider, model, {
    complete: async (request) =>
      await client.chat.completions.create(toParams(request), { signal: request.signal }),
    open: async (request) =>
      await client.chat.completions.create(
        { ...toParams(request), stream: true, stream_options: { include_usage: true } },
        { signal: request.signal },
      ),
  });
}

export function openOpenAiClient({ readKey, baseUrl }: VendorOptions): OpenAI {
  return new OpenAI({
    apiKey: async () => readKey(),
    maxRetries: 0,
    timeout: CALL_LIMIT_MS,
    logLevel: "off",
    // Always given, so that no variable of the SDK's own can lead keys and prompts elsewhere.
    baseURL: baseUrl ?? BASE_URL,
    organization: null,
    project: null,
  });
}
