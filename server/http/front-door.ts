import type { IncomingMessage, Server, ServerResponse } from "node:http";
import helmet from "helmet";
import { ApiError } from "./api-error.ts";
import type { IsAllowedOrigin } from "./origin.ts";
import type { RateLimits } from "./rate-limit.ts";

export interface FrontDoorOptions {
  readonly isAllowedOrigin: IsAllowedOrigin;
  readonly rateLimits: RateLimits;
  readonly trustProxyHops: number;
  readonly isDraining: () => boolean;
  /** Whether a seat may be in another process, with an address of its own. */
  readonly hasPeers: boolean;
}

/** Joining takes a few hundred bytes; Colyseus itself would buffer any amount. */
const MAX_MATCHMAKE_BYTES = 16 * 1024;

/** What the page needs and nothing more; `/monitor` sets a policy of its own. */
function createSecurityHeaders(hasPeers: boolean) {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", "data:"],
        // The other processes come and go, so that their addresses cannot be listed.
        connectSrc: hasPeers ? ["'self'", "ws:", "wss:"] : ["'self'"],
        manifestSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    crossOriginResourcePolicy: { policy: "same-site" },
    // Only a server that speaks TLS itself, or its proxy, can promise that it always will.
    strictTransportSecurity: false,
  });
}

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * Stands before every listener of a listening server, Colyseus' own included: security headers, origins,
 * and for `/matchmake`, which bypasses Express, the limits on rate and body.
 */
export function guardFrontDoor(server: Server, options: FrontDoorOptions): void {
  const setSecurityHeaders = createSecurityHeaders(options.hasPeers);
  const listeners = server.listeners("request") as Listener[];
  server.removeAllListeners("request");
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    setSecurityHeaders(request, response, () => {
      void admit(request, options).then(
        () => listeners.forEach((listen) => listen.call(server, request, response)),
        (refusal: unknown) => refuse(request, response, refusal),
      );
    });
  });
}

async function admit(request: IncomingMessage & { body?: string }, options: FrontDoorOptions): Promise<void> {
  if (!options.isAllowedOrigin(request.headers.origin, request.headers.host)) {
    throw new ApiError(403, "foreign-origin", "Pages of that origin may not use this server.");
  }
  if (!isMatchmaking(request) || request.method !== "POST") return;
  if (options.isDraining()) {
    throw new ApiError(503, "draining", "This process is shutting down.", { retryAfterMs: 1000 });
  }
  await options.rateLimits.spend("join", readClientAddress(request, options.trustProxyHops));
  request.body = await readJsonText(request);
}

/** The client's address: the socket's, or what the nearest `hops` proxies we run wrote down. */
export function readClientAddress(request: IncomingMessage, hops: number): string {
  const socketAddress = request.socket.remoteAddress ?? "unknown";
  if (hops === 0) return socketAddress;
  const forwarded = String(request.headers["x-forwarded-for"] ?? "")
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
  return forwarded.at(-Math.min(hops, forwarded.length)) ?? socketAddress;
}

async function readJsonText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_MATCHMAKE_BYTES) throw new ApiError(413, "body-too-large", "The body is too large.");
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString("utf8");
  if (!isJsonObject(text)) throw new ApiError(400, "invalid-json", "The body is not a JSON object.");
  return text;
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

const isMatchmaking = (request: IncomingMessage): boolean => (request.url ?? "").startsWith("/matchmake/");

function refuse(request: IncomingMessage, response: ServerResponse, refusal: unknown): void {
  const error =
    refusal instanceof ApiError ? refusal : new ApiError(400, "request-aborted", "The request broke off.");
  // Colyseus' clients read `error` as text; ours begins with the code.
  const body = isMatchmaking(request)
    ? { code: error.status, error: `${error.code}: ${error.message}` }
    : error.toBody();
  if (response.destroyed) return;
  response.writeHead(error.status, {
    "Content-Type": "application/json",
    "Cache-Control": "no-store",
    // The rest of an oversized body is not read, so the connection cannot be used again.
    ...(error.status === 413 && { Connection: "close" }),
    ...(error.retryAfterMs !== undefined && { "Retry-After": String(Math.ceil(error.retryAfterMs / 1000)) }),
  });
  response.end(JSON.stringify(body));
}
