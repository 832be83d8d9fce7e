import type { IncomingMessage } from "node:http";
import { createAuthContext, ErrorCode, matchMaker } from "@colyseus/core";
import type { Log } from "../log.ts";
import { within } from "../within.ts";
import { ApiError } from "./api-error.ts";

/** Joining takes a few hundred bytes. */
const MAX_BYTES = 16 * 1024;
/** While Redis is lost, joins wait for it; but not longer than people do. */
const JOIN_WITHIN_MS = 10_000;
const ADDRESS = /^\/matchmake\/(\w+)\/([\w-]+)(?:\?|$)/;
const CODED = /^([a-z]+(?:-[a-z]+)*): (.*)$/s;

/** Colyseus' own refusals, by their code, as a client is told. */
const WORDS: Readonly<Record<number, readonly [code: string, message: string]>> = {
  [ErrorCode.MATCHMAKE_NO_HANDLER]: ["not-found", "there is no such kind of room, or way to join it"],
  [ErrorCode.MATCHMAKE_INVALID_CRITERIA]: ["not-found", "there is no such room"],
  [ErrorCode.MATCHMAKE_INVALID_ROOM_ID]: ["not-found", "there is no such room"],
  [ErrorCode.MATCHMAKE_EXPIRED]: ["seat-lost", "that seat is not kept any more; please join again"],
  [ErrorCode.AUTH_FAILED]: ["unauthorized", "a token is needed"],
};

export const isMatchmaking = ({ url = "" }: IncomingMessage): boolean => url.startsWith("/matchmake/");

/**
 * The answer to `POST /matchmake/<method>/<room>` in Colyseus' shape, through its controller. Colyseus' own route would
 * build a web Request and Response around every join, which costs as much as the join itself, and take a body of
 * any size.
 * @throws ApiError with every refusal; what went wrong inside is logged, not told
 */
export async function reserveSeat(request: IncomingMessage, log: Log): Promise<unknown> {
  const [, method, roomName] = ADDRESS.exec(request.url ?? "") ?? [];
  if (!method || !roomName) throw new ApiError(404, "not-found", "there is no such way to join");
  const options = await readJsonObject(request);
  const context = createAuthContext({
    headers: request.headers as Record<string, string | undefined>,
    ...(request.socket.remoteAddress && { remoteAddress: request.socket.remoteAddress }),
  });
  try {
    return await within(
      JOIN_WITHIN_MS,
      matchMaker.controller.invokeMethod(method, roomName, options, context),
    );
  } catch (error) {
    throw toRefusal(error, log);
  }
}

function toRefusal(error: unknown, log: Log): ApiError {
  if (error instanceof ApiError) return error;
  const { code, message } = error as { code?: unknown; message?: unknown };
  const status =
    typeof code === "number" && code >= 400 && code <= 599 ? code : ErrorCode.MATCHMAKE_UNHANDLED;
  const [, ownCode, ownMessage] = CODED.exec(String(message)) ?? [];
  if (ownCode && ownMessage) return new ApiError(status, ownCode, ownMessage, { cause: error });
  const words = WORDS[status];
  if (words) return new ApiError(status, ...words, { cause: error });
  log.warn({ err: error }, "a join failed");
  return new ApiError(503, "unavailable", "please try again in a moment", { cause: error });
}

async function readJsonObject(request: IncomingMessage): Promise<object> {
  const body = await readBody(request);
  try {
    const value: unknown = JSON.parse(body.toString("utf8"));
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Answered below, as any other body that is no object.
  }
  throw new ApiError(400, "invalid-json", "The body is not a JSON object.");
}

/** By events, as iterating over a stream costs a join as much as checking its token. */
function readBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= MAX_BYTES) {
        chunks.push(chunk);
      } else {
        request.removeAllListeners("data").pause();
        reject(new ApiError(413, "body-too-large", "The body is too large."));
      }
    });
    request.once("end", () => resolve(Buffer.concat(chunks)));
    request.once("error", reject);
    request.once("close", () => {
      if (!request.complete) reject(new Error("the request broke off"));
    });
  });
}
