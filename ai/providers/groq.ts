import Groq from "groq-sdk";
import type { LanguageModel } from "../model.ts";
import { fromSdkError } from "./from-sdk-error.ts";
import { fromChunks, fromCompletion, toChatParams } from "./openai-chat.ts";
import { CALL_LIMIT_MS, type VendorOptions } from "./openai.ts";

const PROVIDER = "groq";
const BASE_URL = "https://api.groq.com";

/**
 * A model of Groq, whose chat completions are shaped like OpenAI's. It caches beginnings by itself and takes no key for
 * that; usage comes in a field of its own at a stream's end.
 */
export function createGroqModel({ model, readKey, baseUrl }: VendorOptions): LanguageModel {
  const client = new Groq({
    apiKey: "read before every call",
    maxRetries: 0,
    timeout: CALL_LIMIT_MS,
    logLevel: "off",
    baseURL: baseUrl ?? BASE_URL,
  });
  return {
    provider: PROVIDER,
    model,
    async generate(request) {
      const { signal } = request;
      try {
        client.apiKey = readKey();
        const params = toChatParams(model, request);
        return fromCompletion(PROVIDER, await client.chat.completions.create(params, { signal }));
      } catch (error) {
        throw fromSdkError(error, { provider: PROVIDER, signal, hasBegun: false });
      }
    },
    async *stream(request) {
      const { signal } = request;
      let hasBegun = false;
      try {
        client.apiKey = readKey();
        const chunks = await client.chat.completions.create(
          { ...toChatParams(model, request), stream: true },
          { signal },
        );
        hasBegun = true;
        yield* fromChunks(PROVIDER, chunks);
      } catch (error) {
        throw fromSdkError(error, { provider: PROVIDER, signal, hasBegun });
      }
    },
  };
}
