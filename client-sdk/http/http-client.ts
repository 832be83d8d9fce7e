import { fromAnswer, ParleyError } from "../parley-error.ts";
import type { TokenStore } from "../token-store.ts";
import type { Session } from "#schema/api.ts";
import { PROTOCOL, PROTOCOL_HEADER } from "#schema/protocol.ts";

interface HttpCall {
  body?: unknown;
  query?: Record<string, string | number | undefined>;
  signal?: AbortSignal;
  /** Send without a token; a 401 is then final. */
  anonymous?: boolean;
}

export interface HttpClient {
  /**
   * One JSON call. An expired token is renewed once on the way; every failure is a {@link ParleyError}. Where the
   * server speaks a newer protocol every call fails with `client-outdated`.
   */
  call<T>(method: string, path: string, call?: HttpCall): Promise<T>;
  /** Trades the kept token for a fresh one, which is kept in its place; calls at one time share one renewal. */
  renew(signal?: AbortSignal): Promise<Session>;
  /** How far the server's clock is ahead of ours, by its `Date` headers; 0 while they agree within 2 s. */
  clockAheadMs(): number;
}

export type FetchLike = (input: string, init: RequestInit) => Promise<Response>;

const CLOCKS_AGREE_MS = 2000;
const CALL_TIMEOUT_MS = 15_000;

/** JSON over HTTP with the kept token as bearer. */
export function createHttpClient(deps: { url: string; fetch: FetchLike; tokens: TokenStore }): HttpClient {
  const base = deps.url.replace(/\/+$/, "");
  let aheadMs = 0;
  let renewing: Promise<Session> | undefined;

  async function send<T>(method: string, path: string, call: HttpCall, token: string | null): Promise<T> {
    const headers: Record<string, string> = { accept: "application/json" };
    if (token !== null) headers["authorization"] = `Bearer ${token}`;
    if (call.body !== undefined) headers["content-type"] = "application/json";
    const deadline = AbortSignal.timeout(CALL_TIMEOUT_MS);
    const init: RequestInit = {
      method,
      headers,
      signal: call.signal ? AbortSignal.any([call.signal, deadline]) : deadline,
    };
    if (call.body !== undefined) init.body = JSON.stringify(call.body);
    let answer: Response;
    let body: unknown;
    try {
      answer = await deps.fetch(base + path + toQuery(call.query), init);
      readClock(answer.headers);
      const text = await answer.text();
      body = text === "" ? undefined : parse(text);
    } catch (cause) {
      throw toFailure(cause, call.signal, deadline);
    }
    requireKnownProtocol(answer.headers);
    if (!answer.ok) throw fromAnswer(answer.status, answer.headers, body);
    if (body === NOT_JSON) {
      throw new ParleyError("bad-answer", "The server's answer is not JSON.", { status: answer.status });
    }
    return body as T;
  }

  function readClock(headers: Headers): void {
    const serverMs = Date.parse(headers.get("date") ?? "");
    if (Number.isNaN(serverMs)) return;
    // The header counts whole seconds: half a second is its mean error.
    const differenceMs = serverMs + 500 - Date.now();
    aheadMs = Math.abs(differenceMs) < CLOCKS_AGREE_MS ? 0 : differenceMs;
  }

  function renew(signal?: AbortSignal): Promise<Session> {
    renewing ??= (async () => {
      const token = await deps.tokens.read();
      const call: HttpCall = signal ? { body: {}, signal } : { body: {} };
      const session = await send<Session>("POST", "/api/auth/renew", call, token);
      await deps.tokens.write(session.token);
      return session;
    })().finally(() => {
      renewing = undefined;
    });
    return renewing;
  }

  return {
    async call<T>(method: string, path: string, call: HttpCall = {}): Promise<T> {
      const token = call.anonymous ? null : await deps.tokens.read();
      try {
        return await send<T>(method, path, call, token);
      } catch (error) {
        if (token === null || !(error instanceof ParleyError) || !isTokenRefusal(error)) throw error;
        const kept = await deps.tokens.read();
        const fresh = kept !== null && kept !== token ? kept : await renewOr(error);
        return send<T>(method, path, call, fresh);
      }
    },
    renew,
    clockAheadMs: () => aheadMs,
  };

  async function renewOr(refusal: ParleyError): Promise<string> {
    try {
      return (await renew()).token;
    } catch (error) {
      throw error instanceof ParleyError && error.retryable ? error : refusal;
    }
  }
}

/** A proxy's own answer, or an older server's, does not name a protocol: it is taken as it is. */
function requireKnownProtocol(headers: Headers): void {
  const spoken = Number(headers.get(PROTOCOL_HEADER));
  if (!(spoken > PROTOCOL)) return;
  throw new ParleyError(
    "client-outdated",
    `The server speaks protocol ${spoken} and this client ${PROTOCOL}: reload the page, or update @parley/client.`,
  );
}

/** Whether the token itself was refused (not what was asked with it). */
export function isTokenRefusal(error: ParleyError): boolean {
  return error.status === 401 || error.code === "unauthorized";
}

const NOT_JSON = Symbol("not JSON");

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return NOT_JSON;
  }
}

function toQuery(query: HttpCall["query"]): string {
  const entries = Object.entries(query ?? {}).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, String(value)]],
  );
  return entries.length === 0 ? "" : `?${new URLSearchParams(entries).toString()}`;
}

function toFailure(cause: unknown, signal: AbortSignal | undefined, deadline: AbortSignal): ParleyError {
  if (signal?.aborted) return new ParleyError("aborted", "The call was aborted.", { cause });
  if (deadline.aborted) return new ParleyError("timeout", "The server did not answer in time.", { cause });
  return new ParleyError("network", "The server cannot be reached.", { cause });
}
