import {
  type ChatCompletionResponse,
  chatCompletionResponseFromJSON,
} from "@mistralai/mistralai/models/components";
import {
  MistralError,
  ResponseValidationError,
  SDKValidationError,
} from "@mistralai/mistralai/models/errors";
import * as z from "zod";
import { type FailedCall, fromSdkError } from "./from-sdk-error.ts";
import { ProviderError } from "./provider-error.ts";
import { fieldsOf, readJson } from "./read-json.ts";

/** The SDK's completion, but for the usage, which may be missing. */
export type Completion = Omit<ChatCompletionResponse, "usage"> & {
  readonly usage: ChatCompletionResponse["usage"] | undefined;
};

/** Types and codes of a 400 that names no model of theirs. */
const UNKNOWN_MODEL: readonly unknown[] = ["invalid_model", "unknown_model"];

/**
 * Saves the reply which the SDK throws away because it came without usage; the tokens are spent either way.
 * @throws what was thrown, when that is not what is wrong
 */
export function readWithoutUsage(thrown: unknown): Completion {
  if (thrown instanceof ResponseValidationError && thrown.statusCode === 200) {
    const raw = fieldsOf(thrown.rawValue);
    if (!raw["usage"]) {
      const read = chatCompletionResponseFromJSON(JSON.stringify({ ...raw, usage: {} }));
      if (read.ok) return { ...read.value, usage: undefined };
    }
  }
  throw thrown;
}

/** What an error thrown by the SDK means. Nothing of its text is kept: it quotes the response, and maybe the request. */
export function fromMistralError(thrown: unknown, call: FailedCall): ProviderError {
  const { provider, signal } = call;
  if (signal.aborted) return new ProviderError(provider, "aborted");
  if (thrown instanceof MistralError) {
    const { statusCode: status, headers } = thrown;
    // A success that the SDK could not read: the wrong fields, or not even JSON.
    if (status < 400) return new ProviderError(provider, "malformed");
    const error = readJson(thrown.body);
    const { type, code } = fieldsOf(error);
    if (status === 400 && [type, code].some((said) => UNKNOWN_MODEL.includes(said))) {
      return new ProviderError(provider, "unknown-model", { status });
    }
    return fromSdkError({ status, headers, error }, call);
  }
  if (thrown instanceof SDKValidationError) return new ProviderError(provider, "bad-request");
  if (thrown instanceof z.ZodError)
    return new ProviderError(provider, isOtherEvent(thrown) ? "server" : "malformed");
  return fromSdkError(thrown, call);
}

/** In a stream, errors come as events of another shape, of which the SDK tells only what they lack. */
function isOtherEvent({ issues }: z.ZodError): boolean {
  return issues.some(({ code, path }) => code === "invalid_type" && path.join(".") === "data.choices");
}
