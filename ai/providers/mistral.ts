import { HTTPClient, Mistral } from "@mistralai/mistralai";
import type { LanguageModel } from "../model.ts";
import { fromMistralError, readWithoutUsage } from "./mistral-errors.ts";
import { fromChunks, fromCompletion, toMistralRequest } from "./mistral-messages.ts";
import type { VendorOptions } from "./vendor-options.ts";

const PROVIDER = "mistral";

/** Handed to the SDK lest MISTRAL_DEBUG makes it print prompts and the key. */
const SILENT = { group: () => undefined, groupEnd: () => undefined, log: () => undefined };

/** Makes the SDK warn on the console about models that will go; which model serves is the gateway's matter. */
const DEPRECATION_HEADER = "x-model-deprecation-timestamp";

/** A model of Mistral, by chat completions. The API offers no switch for what it stores or learns from. */
export function createMistralModel(options: VendorOptions): LanguageModel {
  const { model } = options;
  return {
    provider: PROVIDER,
    model,
    async generate(request) {
      const { signal } = request;
      const call = openCall(options, signal);
      try {
        const completion = call.client().chat.complete(toMistralRequest(model, request), { signal });
        return fromCompletion(PROVIDER, await completion.catch(readWithoutUsage));
      } catch (error) {
        throw fromMistralError(error, { provider: PROVIDER, signal, hasBegun: call.hasBegun() });
      }
    },
    async *stream(request) {
      const { signal } = request;
      const call = openCall(options, signal);
      try {
        const events = await call.client().chat.stream(toMistralRequest(model, request), { signal });
        yield* fromChunks(PROVIDER, events);
      } catch (error) {
        throw fromMistralError(error, { provider: PROVIDER, signal, hasBegun: call.hasBegun() });
      }
    },
  };
}

/**
 * A client of its own for every call, because only a fetcher hears of an abort for certain: the SDK clones its
 * request, and the clone stops following the signal once the original has been collected as garbage. Given a signal,
 * the SDK sets no timeout; its retries are off unless asked for, and we say so all the same.
 */
export function openCall({ readKey, baseUrl }: VendorOptions, signal: AbortSignal) {
  let hasBegun = false;
  const fetcher = async (input: RequestInfo | URL, init?: RequestInit) => {
    const response = await fetch(input, { ...init, signal });
    hasBegun = true;
    const answer = new Response(response.body, response);
    answer.headers.delete(DEPRECATION_HEADER);
    return answer;
  };
  return {
    hasBegun: () => hasBegun,
    client: () =>
      new Mistral({
        apiKey: readKey(),
        httpClient: new HTTPClient({ fetcher }),
        retryConfig: { strategy: "none" },
        debugLogger: SILENT,
        ...(baseUrl && { serverURL: baseUrl }),
      }),
  };
}
