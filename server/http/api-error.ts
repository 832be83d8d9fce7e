import type { ErrorBody } from "#schema/api.ts";

/** An answer that is not the wished one: everything the client may know, and nothing else. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  readonly code: string;
  readonly details: unknown;
  readonly retryAfterMs: number | undefined;
  readonly allow: string | undefined;

  constructor(
    status: number,
    code: string,
    message: string,
    more: { details?: unknown; retryAfterMs?: number; allow?: string; cause?: unknown } = {},
  ) {
    super(message, { cause: more.cause });
    this.status = status;
    this.code = code;
    this.details = more.details;
    this.retryAfterMs = more.retryAfterMs;
    this.allow = more.allow;
  }

  toBody(): ErrorBody {
    const { code, message, details } = this;
    return { error: { code, message, ...(details !== undefined && { details }) } };
  }
}

export const notFound = (what: string): ApiError =>
  new ApiError(404, "not-found", `There is no such ${what}.`);
