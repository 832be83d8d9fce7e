/** A room may go on to its next conversation while one is on the way to it: asking again finds another seat. */
const PASSING = new Set(["network", "timeout", "seat-lost", "conversation-changed"]);

/**
 * The one error of this SDK; branch on `code`. Beside the server's own codes there are `network`, `timeout`,
 * `aborted`, `not-connected`, `seat-lost`, `bad-answer` (something that is not Parley answered) and `client-outdated`
 * (the server is newer than this SDK can follow: reload the page, or update).
 */
export class ParleyError extends Error {
  readonly code: string;
  /** HTTP status, where there was one. */
  readonly status: number | undefined;
  /** How long the server asks to wait before the next try. */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: string,
    message: string,
    more: { status?: number; retryAfterMs?: number; cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.name = "ParleyError";
    this.code = code;
    this.status = more.status;
    this.retryAfterMs = more.retryAfterMs;
  }

  /** Whether the same call may succeed later without anything being changed. */
  get retryable(): boolean {
    if (PASSING.has(this.code)) return true;
    const { status } = this;
    return status === 408 || status === 429 || (status !== undefined && status >= 500 && status < 520);
  }
}

const CODED = /^([a-z][a-z0-9]*(?:-[a-z0-9]+)*): (.+)$/s;

/** Reads "code: text", as matchmaking and rooms word their refusals; other text keeps `fallbackCode`. */
export function fromCodedMessage(text: string, fallbackCode: string, status?: number): ParleyError {
  const [, code = fallbackCode, message = text] = CODED.exec(text) ?? [];
  return new ParleyError(code, message, status === undefined ? {} : { status });
}

/** The error a refused HTTP answer stands for, whether it has the contract's body, matchmaking's or none. */
export function fromAnswer(status: number, headers: Headers, body: unknown): ParleyError {
  const retryAfterMs = readRetryAfterMs(headers);
  const more = retryAfterMs === undefined ? { status } : { status, retryAfterMs };
  const { error, message } = (body ?? {}) as { error?: unknown; message?: unknown };
  if (typeof error === "object" && error !== null) {
    const { code, message: text } = error as { code?: unknown; message?: unknown };
    if (typeof code === "string") return new ParleyError(code, typeof text === "string" ? text : code, more);
  }
  const text = [message, error].find((candidate) => typeof candidate === "string");
  const coded = fromCodedMessage(text ?? `The server answered with status ${status}.`, codeOfStatus(status));
  return new ParleyError(coded.code, coded.message, more);
}

function codeOfStatus(status: number): string {
  if (status === 401 || status === 525) return "unauthorized";
  if (status === 429) return "too-many-requests";
  return status === 503 ? "unavailable" : "refused";
}

/** `Retry-After` in seconds or as a date; undefined where absent or unreadable. */
function readRetryAfterMs(headers: Headers): number | undefined {
  const value = headers.get("retry-after");
  if (!value) return undefined;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const untilMs = Date.parse(value);
  return Number.isNaN(untilMs) ? undefined : Math.max(0, untilMs - Date.now());
}
