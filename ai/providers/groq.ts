import Groq from "groq-sdk";
import type { LanguageModel } from "../model.ts";
import { createModelOfCalls, toChatParams } from "./openai-chat.ts";
import { CALL_LIMIT_MS, type VendorOptions } from "./vendor-options.ts";

const PROVIDER = "groq";
const BASE_URL = "https://api.groq.com";

/**
 * A model of Groq, whose chat completions are shaped like OpenAI's. It caches beginnings by itself and takes no key for
 * that; usage comes in a field of its own at a stream's end.
 */
export function createGroqModel(options: VendorOptions): LanguageModel {
  const { model } = options;
  const client = openGroqClient(options);
  return createModelOfCalls(PROVIDER, model, {
    complete: async (request) =>
      await client().chat.completions.create(toChatParams(model, request), { signal: request.signal }),
    open: async (request) => {
      const params = { ...toChatParams(model, request), stream: true as const };
      return await client().chat.completions.create(params, { signal: request.signal });
    },
  });
}

/** The SDK takes a key and no function that reads one, so the client is asked for before every call. */
export function openGroqClient({ readKey, baseUrl }: VendorOptions): () => Groq {
  const client = new Groq({
    apiKey: "read before every call",
    maxRetries: 0,
    timeout: CALL_LIMIT_MS,
    logLevel: "off",
    baseURL: baseUrl ?? BASE_URL,
  });
  return () => {
    client.apiKey = readKey();
    return client;
  };
}
