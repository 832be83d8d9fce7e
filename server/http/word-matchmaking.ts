import { ErrorCode, matchMaker, ServerError } from "@colyseus/core";
import type { Log } from "../log.ts";
import { within } from "../within.ts";

/** Colyseus' own refusals, by their code, as a client is told. */
const WORDS: Readonly<Record<number, string>> = {
  [ErrorCode.MATCHMAKE_NO_HANDLER]: "not-found: there is no such kind of room, or way to join it",
  [ErrorCode.MATCHMAKE_INVALID_CRITERIA]: "not-found: there is no such room",
  [ErrorCode.MATCHMAKE_INVALID_ROOM_ID]: "not-found: there is no such room",
  [ErrorCode.MATCHMAKE_EXPIRED]: "seat-lost: that seat is not kept any more; please join again",
  [ErrorCode.AUTH_FAILED]: "unauthorized: a token is needed",
};
/** While Redis is lost, joins wait for it; but not longer than people do. */
const JOIN_WITHIN_MS = 10_000;
const CODED = /^[a-z]+(-[a-z]+)*: /;

/** Makes every refusal of matchmaking begin with a code and a colon; what went wrong inside is logged, not told. */
export function wordMatchmaking(log: Log): void {
  const { controller } = matchMaker;
  const invoke = controller.invokeMethod.bind(controller);
  controller.invokeMethod = async (...call: Parameters<typeof invoke>) => {
    try {
      return await within(JOIN_WITHIN_MS, invoke(...call));
    } catch (error) {
      throw toRefusal(error, log);
    }
  };
}

function toRefusal(error: unknown, log: Log): ServerError {
  const { code, message } = error as { code?: unknown; message?: unknown };
  const status =
    typeof code === "number" && code >= 400 && code <= 599 ? code : ErrorCode.MATCHMAKE_UNHANDLED;
  if (CODED.test(String(message))) return new ServerError(status, String(message));
  const words = WORDS[status];
  if (words) return new ServerError(status, words);
  log.warn({ err: error }, "a join failed");
  return new ServerError(503, "unavailable: please try again in a moment");
}
