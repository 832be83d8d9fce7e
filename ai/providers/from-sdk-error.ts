import { faultOfStatus, ProviderError, readRetryAfter, type ProviderFault } from "./provider-error.ts";

/** What the SDKs of OpenAI, Anthropic and Groq have in common: they come from one generator. */
interface SdkError {
  readonly status?: number | undefined;
  readonly headers?: Headers | undefined;
  /** The body of the response, or the error event of a stream. */
  readonly error?: unknown;
}

export interface FailedCall {
  readonly provider: string;
  readonly signal: AbortSignal;
  /** Whether anything of the answer had come. */
  readonly hasBegun: boolean;
}

/** Words in a vendor's error codes, and what they mean whatever the status. */
const CODES: readonly (readonly [RegExp, ProviderFault])[] = [
  [/insufficient_quota|credit_balance|spend_limit|billing|credit_limit/, "quota"],
  [/context_length|too_large|too_long/, "too-large"],
  [/rate_limit/, "rate-limit"],
  [/overloaded|capacity/, "overloaded"],
];

/** What an error thrown by an SDK means. Nothing of its text is kept: it may quote the request. */
export function fromSdkError(thrown: unknown, { provider, signal, hasBegun }: FailedCall): ProviderError {
  // An aborted stream may just end, which looks like an interruption.
  if (signal.aborted) return new ProviderError(provider, "aborted");
  if (thrown instanceof ProviderError) return thrown;
  if (thrown instanceof SyntaxError) return new ProviderError(provider, "malformed");
  // What fetch throws when a body breaks off; a connection that never came is an error of the SDK's own.
  if (thrown instanceof TypeError) return new ProviderError(provider, "interrupted");
  const { status, headers, error } = (thrown ?? {}) as SdkError;
  const said = faultOfCode(error);
  if (status !== undefined) {
    const retryAfterMs = readRetryAfter(headers?.get("retry-after"), Date.now());
    const fault = status === 402 ? "payment" : (said ?? faultOfStatus(status));
    return new ProviderError(provider, fault, { status, retryAfterMs });
  }
  if (error !== undefined) return new ProviderError(provider, said ?? "server");
  return new ProviderError(provider, hasBegun ? "interrupted" : "unreachable");
}

/** The fault that an error's own codes name; texts are left alone, they may say anything. */
function faultOfCode(error: unknown): ProviderFault | undefined {
  const codes = codesIn(error).join(" ");
  return CODES.find(([words]) => words.test(codes))?.[1];
}

/** Vendors nest `{ type, code }` once or twice. */
function codesIn(error: unknown): string[] {
  if (error === null || typeof error !== "object") return [];
  const { type, code, error_code: errorCode, error: inner } = error as Record<string, unknown>;
  return [...[type, code, errorCode].filter((value) => typeof value === "string"), ...codesIn(inner)];
}
