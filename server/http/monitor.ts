import { monitor } from "@colyseus/monitor";
import type { Application, NextFunction, Request, Response } from "express";
import { sameText } from "../auth.ts";
import { ApiError } from "./api-error.ts";
import { readMonitorPage } from "./monitor-page.ts";
import type { RateLimits } from "./rate-limit.ts";

/** What each kind of room tells of itself in its listing that is worth a column; others leave it empty. */
const KIND_COLUMNS: Readonly<Record<string, readonly string[]>> = {
  chatroom: ["topic", "difficulty", "slots"],
};

/**
 * The Colyseus monitor behind HTTP Basic. It can call any method of any room by GET, so besides the password
 * a request must not come from another site, where the browser would send the password along.
 */
export function mountMonitor(app: Application, adminPassword: string, rateLimits: RateLimits): void {
  app.use(
    "/monitor",
    refuseCrossSite,
    requirePassword(adminPassword, rateLimits),
    allowMonitorPage,
    serveMonitorPage(),
    monitor({
      columns: [
        "roomId",
        "name",
        "clients",
        ...[...new Set(Object.values(KIND_COLUMNS).flat())].map((metadata) => ({ metadata })),
        "locked",
        "elapsedTime",
        "processId",
      ],
    }) as unknown as (request: Request, response: Response, next: NextFunction) => void,
  );
}

function refuseCrossSite(request: Request, _response: Response, next: NextFunction): void {
  const site = request.headers["sec-fetch-site"];
  if (site === "cross-site" || site === "same-site") {
    throw new ApiError(403, "cross-site", "The monitor cannot be opened from another site.");
  }
  next();
}

function requirePassword(adminPassword: string, rateLimits: RateLimits) {
  return async (request: Request, response: Response, next: NextFunction): Promise<void> => {
    const address = request.ip ?? "unknown";
    const [user, password] = readBasic(request.headers.authorization);
    // Whoever guessed too often is not told that a guess is right.
    if (password) await rateLimits.check("sign-in", address);
    if (user === "admin" && sameText(password, adminPassword)) return next();
    if (password) await rateLimits.spend("sign-in", address);
    response
      .status(401)
      .setHeader("WWW-Authenticate", 'Basic realm="Parley monitor", charset="UTF-8"')
      .json(new ApiError(401, "password-needed", "Sign in as admin with ADMIN_PASSWORD.").toBody());
  };
}

function readBasic(header: string | undefined): [user: string, password: string] {
  const encoded = /^Basic (\S+)$/i.exec(header ?? "")?.[1] ?? "";
  const [user = "", ...rest] = Buffer.from(encoded, "base64").toString("utf8").split(":");
  return [user, rest.join(":")];
}

/** The monitor's page brings styles of its own; nothing is loaded from elsewhere. */
function allowMonitorPage(_request: Request, response: Response, next: NextFunction): void {
  response.setHeader(
    "Content-Security-Policy",
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
      "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  );
  next();
}

/** Its own page at `/monitor/`; everything else, the way there from `/monitor` included, is the monitor's. */
function serveMonitorPage() {
  const page = readMonitorPage();
  return (request: Request, response: Response, next: NextFunction): void => {
    const isPage = request.path === "/" && new URL(request.originalUrl, "http://here").pathname.endsWith("/");
    if (request.method !== "GET" || !isPage) return next();
    response.setHeader("Cache-Control", "no-cache").type("html").send(page);
  };
}
