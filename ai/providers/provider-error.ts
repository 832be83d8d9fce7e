/** What went wrong between us and a vendor, in the terms policies act on. */
export type ProviderFault =
  /** The request itself is wrong: nobody should send it again. */
  | "bad-request"
  | "auth"
  | "payment"
  | "unknown-model"
  | "too-large"
  | "rate-limit"
  /** The account has used up what it may: waiting does not help. */
  | "quota"
  | "overloaded"
  | "server"
  | "unreachable"
  /** Nothing came for longer than one waits. */
  | "timeout"
  /** The answer broke off. */
  | "interrupted"
  /** What came back is not what the vendor's interface promises. */
  | "malformed"
  /** It failed so often that it is not asked for a while. */
  | "left-alone"
  /** No turn came free in time. */
  | "busy"
  /** Whoever pays has not enough left for it. */
  | "over-budget"
  /** The books cannot be kept now, so nothing is spent. */
  | "no-books"
  | "aborted";

const RETRYABLE: ReadonlySet<ProviderFault> = new Set<ProviderFault>([
  "rate-limit",
  "overloaded",
  "server",
  "unreachable",
  "timeout",
  "interrupted",
  "malformed",
]);

export interface FaultDetails {
  readonly status?: number | undefined;
  /** How long the vendor asks to wait. */
  readonly retryAfterMs?: number | undefined;
}

/** A call to a vendor failed. Carries neither what was asked nor the key: it may be logged as it is. */
export class ProviderError extends Error {
  readonly provider: string;
  readonly fault: ProviderFault;
  /** Whether the same request may succeed later. */
  readonly retryable: boolean;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(provider: string, fault: ProviderFault, { status, retryAfterMs }: FaultDetails = {}) {
    super(`${provider}: ${fault}${status === undefined ? "" : ` (${status})`}`);
    this.name = "ProviderError";
    this.provider = provider;
    this.fault = fault;
    this.retryable = RETRYABLE.has(fault);
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}

/** The fault an HTTP status stands for, with every vendor in the chain. */
export function faultOfStatus(status: number): ProviderFault {
  switch (status) {
    case 401:
    case 403:
      return "auth";
    case 402:
      return "payment";
    case 404:
      return "unknown-model";
    case 413:
      return "too-large";
    case 429:
      return "rate-limit";
    // Groq's flex tier and Anthropic have numbers of their own for "come back later".
    case 498:
    case 503:
    case 529:
      return "overloaded";
    case 408:
    case 409:
      return "server";
    default:
      return status >= 500 ? "server" : "bad-request";
  }
}

/** A `Retry-After` header, in seconds or as a date, as milliseconds from `nowMs`. */
export function readRetryAfter(header: string | null | undefined, nowMs: number): number | undefined {
  if (!header) return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return seconds >= 0 ? Math.ceil(seconds * 1000) : undefined;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}
