import { ServerError } from "@colyseus/core";

/** An error for a joining client: `message` begins with our kebab-case code and a colon. */
export function refusal(status: number, code: string, message: string): ServerError {
  return new ServerError(status, `${code}: ${message}`);
}

/**
 * The refusal a failed token check is answered with. An error that carries a kebab-case `code` (and perhaps an
 * HTTP `status`) was meant for the client; anything else is the server's own trouble and is not told.
 */
export function toAuthRefusal(error: unknown): ServerError {
  if (error instanceof ServerError) return error;
  const { code, message, status } = error as { code?: unknown; message?: unknown; status?: unknown };
  if (typeof code === "string" && /^[a-z]+(-[a-z]+)*$/.test(code)) {
    return refusal(typeof status === "number" ? status : 401, code, String(message));
  }
  return new ServerError(503, "unavailable: please try again in a moment", { cause: error });
}
