import { once } from "node:events";
import { createServer as createHttpServer, type RequestListener, type Server as HttpServer } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { readFileSync } from "node:fs";
import { defineServer, type RegisteredHandler, type Server } from "@colyseus/core";
import { WebSocketTransport } from "@colyseus/ws-transport";
import type { Application } from "express";
import { ConfigError, type Config } from "./config.ts";
import { restrictCors, type IsAllowedOrigin } from "./http/origin.ts";
import type { Log } from "./log.ts";
import { openRedis } from "./redis/open-redis.ts";

/** Frames from people who type are small; audio rooms will raise this with their own check. */
const MAX_FRAME_BYTES = 64 * 1024;
/** Dead sockets are found within two rounds; more often would cost more than the chat itself. */
const PING_EVERY_MS = 15_000;

export interface ColyseusOptions {
  readonly config: Config;
  readonly log: Log;
  readonly isAllowedOrigin: IsAllowedOrigin;
  /** Room kinds by public name. */
  readonly rooms: Readonly<Record<string, RegisteredHandler>>;
  readonly mountHttp: (app: Application) => void;
}

/** A Colyseus server of ours: WebSocket and HTTP on one port, strict origins, Redis where configured. */
export async function createColyseus(
  options: ColyseusOptions,
): Promise<{ colyseus: Server; http: HttpServer; express: RequestListener }> {
  const { config } = options;
  const http = createListener(config);
  restrictCors(options.isAllowedOrigin);
  const transport = new WebSocketTransport({
    server: http,
    maxPayload: MAX_FRAME_BYTES,
    pingInterval: PING_EVERY_MS,
    pingMaxRetries: 2,
  });
  const colyseus = defineServer({
    rooms: options.rooms,
    transport,
    express: options.mountHttp,
    gracefullyShutdown: false,
    greet: false,
    logger: quietLogger(options.log),
    ...(config.redis && (await openRedis(config.redis, options.log))),
  });
  return { colyseus, http, express: transport.getExpressApp() };
}

/**
 * Opens the port.
 * @throws what the operating system says when it cannot be opened; Colyseus alone would wait for ever
 */
export async function openPort(colyseus: Server, http: HttpServer, { port, host }: Config): Promise<void> {
  const opened = new AbortController();
  const failure = once(http, "error", { signal: opened.signal }).then(([error]) =>
    Promise.reject(error as Error),
  );
  failure.catch(() => {});
  try {
    await Promise.race([colyseus.listen(port, host), failure]);
  } finally {
    opened.abort();
  }
}

function createListener({ tls }: Config): HttpServer {
  if (!tls) return createHttpServer();
  try {
    return createHttpsServer({ cert: readFileSync(tls.certPath), key: readFileSync(tls.keyPath) });
  } catch (cause) {
    throw new ConfigError("TLS_CERT and TLS_KEY: the files cannot be used", { cause });
  }
}

/** Colyseus writes errors of single clients, with their text; ours keeps that they happened. */
function quietLogger(log: Log): Pick<Console, "debug" | "info" | "warn" | "error" | "trace"> {
  const note = (level: "debug" | "warn") => (): void =>
    log[level]({ source: "colyseus" }, "colyseus message");
  return {
    debug: note("debug"),
    trace: note("debug"),
    info: note("debug"),
    warn: note("warn"),
    error: note("debug"),
  };
}
