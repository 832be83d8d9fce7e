import Anthropic, { AnthropicError, APIError } from "@anthropic-ai/sdk";
import type { LanguageModel } from "../model.ts";
import { fromMessage, fromMessageEvents, toMessageParams } from "./anthropic-messages.ts";
import { type FailedCall, fromSdkError } from "./from-sdk-error.ts";
import { CALL_LIMIT_MS, type VendorOptions } from "./vendor-options.ts";
import { ProviderError } from "./provider-error.ts";

const provider = "anthropic";

/**
 * A model of Anthropic, by its messages interface, which stores nothing it would have to be asked not to. A request's
 * `temperature` is left out: these models take none. Its `cacheKey` is too: the marks alone say what to keep.
 */
export function createAnthropicModel(options: VendorOptions): LanguageModel {
  const { model } = options;
  const client = openAnthropicClient(options);
  return {
    provider,
    model,
    async generate(request) {
      const { signal } = request;
      try {
        const message = await client.messages.create(toMessageParams(model, request), { signal });
        return fromMessage(provider, message);
      } catch (error) {
        // Until the answer begins, the SDK wraps whatever fails: what comes bare broke the answer itself.
        throw fromAnthropicError(error, { provider, signal, hasBegun: !(error instanceof AnthropicError) });
      }
    },
    async *stream(request) {
      const { signal } = request;
      let hasBegun = false;
      try {
        const params = { ...toMessageParams(model, request), stream: true as const };
        const events = await client.messages.create(params, { signal });
        hasBegun = true;
        for await (const event of fromMessageEvents(provider, events)) {
          // What came before the abort may still be waiting its turn.
          if (signal.aborted) throw new ProviderError(provider, "aborted");
          yield event;
        }
      } catch (error) {
        throw fromAnthropicError(error, { provider, signal, hasBegun });
      }
    },
  };
}

export function openAnthropicClient({ readKey, baseUrl }: VendorOptions): Anthropic {
  return new Anthropic({
    apiKey: async () => readKey(),
    // Null, so that no variable of the environment sends the key and the prompts elsewhere.
    baseURL: baseUrl ?? null,
    maxRetries: 0,
    // When none is set, long answers are refused unless they are streamed.
    timeout: CALL_LIMIT_MS,
    logLevel: "off",
    openTelemetry: false,
  });
}

/**
 * The status tells all that the body's `type` does, and what the types of Anthropic mean by it: a `billing_error` is a
 * 402, not an account that is used up. Which kind of limit a 429 is about stands in the details only. In a stream there
 * is no status, and the type is all there is.
 */
export function fromAnthropicError(thrown: unknown, call: FailedCall): ProviderError {
  if (thrown instanceof APIError) {
    const { status, headers, error, errorCode: code } = thrown;
    if (error === undefined) return fromSdkError({ status, headers }, call);
    return fromSdkError({ status, headers, error: status === undefined ? { code, error } : { code } }, call);
  }
  // All else the SDK itself complains of, with these options, is that there is no key.
  if (thrown instanceof AnthropicError && !call.signal.aborted) return new ProviderError(provider, "auth");
  return fromSdkError(thrown, call);
}
