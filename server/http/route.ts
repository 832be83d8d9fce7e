import type { IncomingHttpHeaders } from "node:http";
import type * as z from "zod/mini";
import type { UserRole } from "#schema/vocabulary.ts";
import type { Person } from "../auth.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** Who may call a route: anyone; any user; operators and admins. */
export type Access = "anyone" | "user" | "operator";

/** Which allowance a call draws on; see `rate-limit.ts`. */
export type LimitName = "read" | "write" | "sign-in" | "new-guest" | "join" | "wrong-code" | "client-report";

export interface RouteRequest<Body, Query> {
  /** The caller; for access "anyone" an empty person. */
  readonly person: Person;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Query;
  readonly body: Body;
  readonly headers: IncomingHttpHeaders;
}

/** One HTTP resource method, declared with the schemas that validate it, so that docs cannot drift from it. */
export interface Route<Body = unknown, Query = unknown> {
  readonly method: Method;
  readonly path: string;
  readonly summary: string;
  readonly access: Access;
  /** None is for what watches the server. */
  readonly limit?: LimitName;
  readonly body?: z.ZodMiniType<Body>;
  /** Bytes; 16 KB unless said. */
  readonly maxBodyBytes?: number;
  readonly query?: z.ZodMiniType<Query>;
  /** Status of success; 200 unless said. 204 sends no body. */
  readonly status?: number;
  readonly answer?: z.ZodMiniType;
  /** Of an answer that is a text; JSON unless said. */
  readonly mediaType?: string;
  /** What it refuses with, code → status, beyond what any route does (`openapi-errors.ts`). */
  readonly errors?: Readonly<Record<string, number>>;
  /** Of a route for anyone whose handler reads the caller's token itself. */
  readonly readsToken?: boolean;
  /** A GET that changes something must not be called by HEAD. */
  readonly refuseHead?: boolean;
  readonly handle: (request: RouteRequest<Body, Query>) => unknown;
}

/** Declares a route; exists so that body and query types are inferred from their schemas. */
export function defineRoute<Body, Query>(route: Route<Body, Query>): Route {
  return route as Route;
}

export const mayCall = (access: Access, role: UserRole): boolean => access !== "operator" || role !== "user";
