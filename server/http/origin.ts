import { matchMaker } from "@colyseus/core";

export type IsAllowedOrigin = (origin: string | null | undefined, host: string | null | undefined) => boolean;

const LOCAL_HOSTS = new Set(["localhost", "127.0.0.1", "[::1]"]);

/**
 * Whether a request may come from this `Origin`: the server's own, localhost, or a configured one.
 * No `Origin` at all is a program or a same-origin GET, which a browser's rules do not concern.
 */
export function createOriginCheck(allowedOrigins: readonly string[]): IsAllowedOrigin {
  const allowed = new Set(allowedOrigins);
  return (origin, host) => {
    if (!origin || allowed.has(origin)) return true;
    if (!URL.canParse(origin)) return false;
    const url = new URL(origin);
    return url.host === host || LOCAL_HOSTS.has(url.hostname);
  };
}

/** Makes Colyseus, which by default reflects any origin with credentials, name only allowed ones. */
export function restrictCors(isAllowed: IsAllowedOrigin): void {
  const { controller } = matchMaker;
  const defaults: Record<string, string> = controller.DEFAULT_CORS_HEADERS;
  delete defaults["Access-Control-Allow-Origin"];
  delete defaults["Access-Control-Allow-Credentials"];
  defaults["Access-Control-Max-Age"] = "600";
  controller.getCorsHeaders = (headers: Headers): Record<string, string> => {
    const origin = headers.get("origin");
    const named = origin !== null && isAllowed(origin, headers.get("host"));
    return { Vary: "Origin", ...(named && { "Access-Control-Allow-Origin": origin }) };
  };
}
