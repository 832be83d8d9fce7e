import { IncomingMessage, ServerResponse, type Server } from "node:http";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import helmet from "helmet";
import type { Log } from "../log.ts";
import { ApiError } from "./api-error.ts";
import type { HttpObservation } from "../metrics.ts";
import { isMatchmaking, reserveSeat } from "./matchmaking.ts";
import { onAnswered } from "./on-answered.ts";
import type { IsAllowedOrigin } from "./origin.ts";
import type { RateLimits } from "./rate-limit.ts";
import { PROTOCOL, PROTOCOL_HEADER } from "#schema/protocol.ts";

export interface FrontDoorOptions {
  readonly isAllowedOrigin: IsAllowedOrigin;
  readonly rateLimits: RateLimits;
  readonly trustProxyHops: number;
  readonly isDraining: () => boolean;
  readonly log: Log;
  /** Told of every join; whatever else is asked is observed by Express. */
  readonly observeHttp: (observation: HttpObservation) => void;
  /** Whether a seat may be in another process, with an address of its own. */
  readonly hasPeers: boolean;
}

/** Names and values in turn, as `writeHead` takes them. */
type Headers = readonly string[];

/** What the page needs and nothing more; `/monitor` sets a policy of its own. The same for every request. */
function readSecurityHeaders(hasPeers: boolean): Headers {
  const setHeaders = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", "data:", "blob:"],
        // The other processes come and go, so that their addresses cannot be listed.
        connectSrc: hasPeers ? ["'self'", "ws:", "wss:"] : ["'self'"],
        manifestSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    crossOriginResourcePolicy: { policy: "same-site" },
    // These speak to browsers and plug-ins that are gone.
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
    // Nothing here links to other sites, so nothing would be looked up ahead.
    xDnsPrefetchControl: false,
    // Only a server that speaks TLS itself, or its proxy, can promise that it always will.
    strictTransportSecurity: false,
  });
  const response = new ServerResponse(new IncomingMessage(new Socket()));
  setHeaders(response.req, response, () => {});
  return Object.entries(response.getHeaders()).flatMap(([name, value]) => [name, String(value)]);
}

type RequestListener = (request: IncomingMessage, response: ServerResponse) => void;
type UpgradeListener = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/**
 * Stands before every listener of a listening server: security headers, origins, and who answers: matchmaking here,
 * everything else Express, and Colyseus what it alone knows (preflights, its health check).
 */
export function guardFrontDoor(server: Server, express: RequestListener, options: FrontDoorOptions): void {
  const ownHeaders = [...readSecurityHeaders(options.hasPeers), PROTOCOL_HEADER, String(PROTOCOL)];
  const colyseus = server.listeners("request") as RequestListener[];
  server.removeAllListeners("request");
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    if (!isAdmitted(request, options)) return refuse(request, response, ownHeaders, foreignOrigin());
    const isPreflight = request.method === "OPTIONS";
    const isForColyseus = isPreflight || request.url === "/__healthcheck";
    const headers = isForColyseus ? ownHeaders : [...ownHeaders, ...readableBy(request)];
    if (isMatchmaking(request) && !isPreflight) {
      onAnswered(response, (seconds) => {
        const status = toMetricStatus(response.statusCode);
        options.observeHttp({ method: request.method ?? "", route: "/matchmake", status, seconds });
      });
      join(request, response, headers, options).catch((refusal: unknown) => {
        refuse(request, response, headers, refusal);
      });
      return;
    }
    for (let i = 0; i < headers.length; i += 2) response.setHeader(headers[i]!, headers[i + 1]!);
    if (!isForColyseus) return express(request, response);
    for (const listen of colyseus) listen.call(server, request, response);
  });

  const upgrade = server.listeners("upgrade") as UpgradeListener[];
  server.removeAllListeners("upgrade");
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (isAdmitted(request, options)) {
      for (const listen of upgrade) listen.call(server, request, socket, head);
      return;
    }
    socket.on("error", () => socket.destroy());
    const { code, message } = foreignOrigin();
    const text = `${code}: ${message}`;
    socket.end(
      `HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: ${text.length}\r\n\r\n${text}`,
    );
  });
}

const foreignOrigin = (): ApiError =>
  new ApiError(403, "foreign-origin", "Pages of that origin may not use this server.");

function isAdmitted({ headers }: IncomingMessage, { isAllowedOrigin }: FrontDoorOptions): boolean {
  return isAllowedOrigin(headers.origin, headers.host);
}

/** What of an answer's headers the SDK reads; a page of another origin is shown only these. */
const EXPOSED = `Date, Retry-After, ${PROTOCOL_HEADER}`;

/** Lets the page that asked, whose origin is an allowed one, read the answer. */
function readableBy({ headers }: IncomingMessage): Headers {
  const vary = ["Vary", "Origin"];
  if (!headers.origin) return vary;
  return [...vary, "Access-Control-Allow-Origin", headers.origin, "Access-Control-Expose-Headers", EXPOSED];
}

async function join(
  request: IncomingMessage,
  response: ServerResponse,
  headers: Headers,
  options: FrontDoorOptions,
): Promise<void> {
  if (request.method !== "POST") {
    throw new ApiError(405, "method-not-allowed", "Joining is a POST.", { allow: "POST" });
  }
  if (options.isDraining()) {
    throw new ApiError(503, "draining", "This process is shutting down.", { retryAfterMs: 1000 });
  }
  await options.rateLimits.spend("join", readClientAddress(request, options.trustProxyHops));
  send(response, 200, headers, await reserveSeat(request, options.log));
}

/** Colyseus' own codes from 520 on say that what was asked for is not there: no failure of the server's. */
const toMetricStatus = (status: number): number => (status >= 520 ? 404 : status);

/** All headers at once, since setting them one by one takes as long as choosing the seat. */
function send(response: ServerResponse, status: number, headers: Headers, answer: unknown): void {
  const body = JSON.stringify(answer);
  response.writeHead(status, [
    ...headers,
    "Content-Type",
    "application/json",
    "Content-Length",
    String(Buffer.byteLength(body)),
    "Cache-Control",
    "no-store",
  ]);
  response.end(body);
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

function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  headers: Headers,
  refusal: unknown,
): void {
  const error =
    refusal instanceof ApiError ? refusal : new ApiError(400, "request-aborted", "The request broke off.");
  // Colyseus' clients read `error` as text; ours begins with the code.
  const body = isMatchmaking(request)
    ? { code: error.status, error: `${error.code}: ${error.message}` }
    : error.toBody();
  if (response.destroyed) return;
  const more: string[] = [];
  // The rest of an oversized body is not read, so the connection cannot be used again.
  if (error.status === 413) more.push("Connection", "close");
  if (error.allow) more.push("Allow", error.allow);
  if (error.retryAfterMs !== undefined) {
    more.push("Retry-After", String(Math.ceil(error.retryAfterMs / 1000)));
  }
  send(response, error.status, [...headers, ...more], body);
}
