import express, { type Application, type NextFunction, type Request, type Response } from "express";
import type { Auth, Person } from "../auth.ts";
import { ApiError } from "./api-error.ts";
import type { RateLimits } from "./rate-limit.ts";
import { mayCall, type Method, type Route } from "./route.ts";

export interface MountOptions {
  readonly auth: Pick<Auth, "authenticate">;
  readonly rateLimits: RateLimits;
}

const NOBODY: Person = { userId: "", role: "user" };
/** What a body may weigh where its route says nothing else. */
export const DEFAULT_BODY_BYTES = 16 * 1024;

/** Serves declared routes: token, rate limit, body, validation, handler, and 405 with Allow for other methods. */
export function mountRoutes(app: Application, routes: readonly Route[], options: MountOptions): void {
  for (const [path, ofPath] of Map.groupBy(routes, (route) => route.path)) {
    for (const route of ofPath) {
      if (route.method === "GET" && route.refuseHead) app.head(path, refuseMethod(ofPath));
      // Nobody's body is read before it is known that they may send one.
      const body = route.body
        ? [requireJson, express.json({ limit: route.maxBodyBytes ?? DEFAULT_BODY_BYTES })]
        : [];
      app[expressMethod(route.method)](path, admit(route, options), ...body, serve(route));
    }
    app.all(path, refuseMethod(ofPath));
  }
}

function admit(route: Route, { auth, rateLimits }: MountOptions) {
  return async (request: Request, response: Response, next: NextFunction): Promise<void> => {
    const person = route.access === "anyone" ? NOBODY : await auth.authenticate(readBearer(request));
    if (route.limit) await rateLimits.spend(route.limit, person.userId || (request.ip ?? "unknown"));
    if (!mayCall(route.access, person.role)) {
      throw new ApiError(403, "operators-only", "Only operators may do this.");
    }
    response.locals["person"] = person;
    next();
  };
}

function serve(route: Route) {
  return async (request: Request, response: Response): Promise<void> => {
    const answer = await route.handle({
      person: response.locals["person"] as Person,
      params: request.params as Record<string, string>,
      query: parse(route.query, request.query, "query"),
      body: parse(route.body, request.body, "body"),
      headers: request.headers,
    });
    response.statusCode = route.status ?? 200;
    response.setHeader("Cache-Control", "no-store");
    if (route.status === 204) return void response.end();
    // What Express' own `json` would look up besides is settings that are not used here.
    const body = route.mediaType ? String(answer) : JSON.stringify(answer);
    response.setHeader("Content-Type", route.mediaType ?? "application/json; charset=utf-8");
    response.setHeader("Content-Length", Buffer.byteLength(body));
    response.end(body);
  };
}

/** The token of `Authorization: Bearer`, if one was sent. */
export function readBearer(request: { headers: { authorization?: string | undefined } }): string | undefined {
  return /^Bearer (\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
}

function requireJson(request: Request, _response: Response, next: NextFunction): void {
  const length = request.headers["content-length"];
  const hasBody =
    request.headers["transfer-encoding"] !== undefined || (length !== undefined && length !== "0");
  if (hasBody && !request.is("application/json")) {
    throw new ApiError(415, "json-only", "Send the body as application/json.");
  }
  // A request without a body is the empty object, so that every field being optional means no body is needed.
  if (!hasBody) request.body = {};
  next();
}

function parse(schema: Route["body"], value: unknown, part: "query" | "body"): unknown {
  if (!schema) return undefined;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const details = parsed.error.issues.map((issue) => ({
    path: issue.path.join("."),
    problem: issue.message,
  }));
  throw new ApiError(400, `invalid-${part}`, `The ${part} does not have the expected shape.`, { details });
}

function refuseMethod(routes: readonly Route[]) {
  const allowed = routes.flatMap((route) =>
    route.method === "GET" && !route.refuseHead ? ["GET", "HEAD"] : [route.method],
  );
  return (): never => {
    throw new ApiError(405, "method-not-allowed", "This address does not take that method.", {
      allow: [...new Set(allowed)].join(", "),
    });
  };
}

const expressMethod = (method: Method) => method.toLowerCase() as "get" | "post" | "put" | "patch" | "delete";
