import { faultOfStatus, ProviderError, readRetryAfter, type ProviderFault } from "./provider-error.ts";
import { fieldsOf, readJson } from "./read-json.ts";

/** Google's error details, as far as they say what to do. */
interface ErrorDetail {
  /** ErrorInfo: why. */
  readonly reason?: unknown;
  /** RetryInfo: seconds, as in "34.07s". */
  readonly retryDelay?: unknown;
  /** QuotaFailure: which limits. */
  readonly violations?: unknown;
}

/** Codes in the details, and what they mean whatever the status: a wrong key is a 400 here. */
const CODES: readonly (readonly [RegExp, ProviderFault])[] = [
  [/API_KEY/, "auth"],
  [/BILLING|FAILED_PRECONDITION/, "payment"],
  [/PerDay/, "quota"],
];

/** What an error's body means. Only codes and numbers are read: the words may quote the request. */
export function fromGeminiErrorBody(
  provider: string,
  status: number,
  body: string,
  retryAfter?: string | null,
): ProviderError {
  const { code, details } = readError(body);
  const codes = [code, ...details.flatMap(({ reason, violations }) => [reason, ...quotaIds(violations)])];
  const named = CODES.find(([words]) => codes.some((word) => typeof word === "string" && words.test(word)));
  const delay = details.map(({ retryDelay }) => retryDelay).find((value) => typeof value === "string");
  return new ProviderError(provider, named?.[1] ?? faultOfStatus(status), {
    status,
    retryAfterMs: readRetryAfter(retryAfter ?? delay?.replace(/s$/, ""), Date.now()),
  });
}

/** Streams that fail at once answer with a list of one. */
function readError(body: string): { code: unknown; details: readonly ErrorDetail[] } {
  const [first] = [readJson(body)].flat();
  const { status, details } = fieldsOf(fieldsOf(first)["error"]);
  return { code: status, details: (Array.isArray(details) ? details : []).map(fieldsOf) };
}

function quotaIds(violations: unknown): unknown[] {
  return Array.isArray(violations) ? violations.map((violation) => fieldsOf(violation)["quotaId"]) : [];
}
