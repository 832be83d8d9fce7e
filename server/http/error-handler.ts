import type { ErrorRequestHandler, RequestHandler } from "express";
import { InvalidCursorError, StoreUnavailableError } from "#data/errors.ts";
import type { Log } from "../log.ts";
import { ApiError } from "./api-error.ts";

/** For a person who followed a broken link; it uses nothing, as the page's own files have names that change. */
const NOT_FOUND_PAGE = `<!doctype html>
<html lang="en">
  <meta charset="utf-8" />
  <meta name="viewport" content="width=device-width" />
  <meta name="color-scheme" content="light dark" />
  <title>Not found · Parley</title>
  <h1>There is nothing at this address</h1>
  <p><a href="/">To the live conversations</a></p>
</html>
`;

/** Answers what no route took: in the API's words, and in a browser's window with a way back. */
export const answerNotFound: RequestHandler = (request, response) => {
  if (request.method === "GET" && request.accepts(["json", "html"]) === "html") {
    response.status(404).set("Cache-Control", "no-store").type("html").send(NOT_FOUND_PAGE);
    return;
  }
  throw new ApiError(404, "not-found", "There is nothing at this address.");
};

/** The one place where an error becomes an HTTP answer. */
export function createErrorHandler(log: Log): ErrorRequestHandler {
  // Express tells error handlers by their four parameters.
  return (error: unknown, request, response, _next) => {
    const answer = toApiError(error);
    // An ApiError says what it means; anything else is news to whoever is on call.
    if (answer.status >= 500 && !(error instanceof ApiError)) {
      log.error({ err: error, method: request.method, route: request.route?.path }, "request failed");
    }
    if (response.headersSent) {
      response.destroy();
      return;
    }
    if (answer.retryAfterMs !== undefined) {
      response.setHeader("Retry-After", String(Math.max(1, Math.ceil(answer.retryAfterMs / 1000))));
    }
    if (answer.allow) response.setHeader("Allow", answer.allow);
    if (answer.status === 401) response.setHeader("WWW-Authenticate", "Bearer");
    response.setHeader("Cache-Control", "no-store");
    response.status(answer.status).json(answer.toBody());
  };
}

/** Errors of Express' body parser and router, by their `type` or status, in our words. */
const PARSER_ERRORS: Readonly<Record<string, [number, string, string]>> = {
  "entity.too.large": [413, "body-too-large", "The body is too large."],
  "entity.parse.failed": [400, "invalid-json", "The body is not valid JSON."],
  "encoding.unsupported": [415, "encoding-unsupported", "This content encoding is not supported."],
  "charset.unsupported": [415, "charset-unsupported", "This charset is not supported."],
  "request.aborted": [400, "request-aborted", "The request broke off."],
  "request.size.invalid": [400, "invalid-length", "The body does not have the announced length."],
};

function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof InvalidCursorError) {
    return new ApiError(400, "invalid-cursor", "This cursor is not one that the list handed out.");
  }
  const { type, status } = error as { type?: string; status?: number };
  const known = type === undefined ? undefined : PARSER_ERRORS[type];
  if (known) return new ApiError(...known);
  if (error instanceof URIError || status === 400)
    return new ApiError(400, "bad-request", "The request is malformed.");
  if (error instanceof StoreUnavailableError) {
    return new ApiError(503, "store-unavailable", "The server cannot reach its data just now; try again.", {
      retryAfterMs: 2000,
    });
  }
  return new ApiError(500, "internal", "Something went wrong here; it has been logged.");
}
