import { ERROR_SCHEMA, generalResponses, toErrorResponses } from "./openapi-errors.ts";
import type { Response, ResponseRef } from "./openapi-errors.ts";
import { toJsonSchema, type JsonSchema } from "./openapi-json-schema.ts";
import { DEFAULT_BODY_BYTES } from "./mount-routes.ts";
import type { Access, Method, Route } from "./route.ts";

export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query";
  readonly required: boolean;
  readonly schema: JsonSchema;
}

interface RequestBody {
  readonly description: string;
  readonly required: boolean;
  readonly content: { readonly "application/json": { readonly schema: JsonSchema } };
}

export interface Operation {
  readonly operationId: string;
  readonly tags: readonly [string];
  readonly summary: string;
  readonly description: string;
  readonly security: readonly Readonly<Record<string, readonly never[]>>[];
  readonly "x-access": Access;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: RequestBody;
  readonly responses: Readonly<Record<string, Response | ResponseRef>>;
}

export type PathItem = Readonly<Partial<Record<Lowercase<Method>, Operation>>>;

/** The part of OpenAPI 3.1 that is used here. */
export interface OpenApi {
  readonly openapi: "3.1.1";
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly servers: readonly { readonly url: string }[];
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, PathItem>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, JsonSchema>>;
    readonly responses: Readonly<Record<string, Response>>;
    readonly securitySchemes: Readonly<Record<string, object>>;
  };
}

const INFO = {
  title: "Parley",
  description:
    "The HTTP interface of this server. Bodies are JSON; ids are texts; times ending in Ms are Unix milliseconds. " +
    "Every GET answers HEAD as well, unless calling it changes something. Rooms are joined over WebSocket, " +
    "with a client library.",
};

const ACCESS: Readonly<Record<Access, string>> = {
  anyone: "Anyone may call this.",
  user: "For any user, by their token.",
  operator: "For operators only, by their token.",
};

const SUCCESS: Readonly<Record<number, string>> = {
  200: "Done.",
  201: "Made.",
  202: "Accepted; it is being done.",
  204: "Done; there is nothing to tell.",
};

/**
 * Describes the routes in OpenAPI 3.1, from the very schemas that validate their calls.
 * @throws Error for a route whose shapes cannot be described, or that answers something it does not declare
 */
export function toOpenApi(routes: readonly Route[], { version }: { version: string }): OpenApi {
  const paths: Record<string, PathItem> = {};
  for (const route of routes) {
    const path = toTemplate(route.path);
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: toOperation(route) };
  }
  return {
    openapi: "3.1.1",
    info: { ...INFO, version },
    servers: [{ url: "/" }],
    tags: [...new Set(routes.map(({ path }) => toTag(path)))].map((name) => ({ name })),
    paths,
    components: {
      schemas: { Error: ERROR_SCHEMA },
      responses: generalResponses(),
      securitySchemes: {
        token: {
          type: "http",
          scheme: "bearer",
          bearerFormat: "JWT",
          description: "From `POST /api/auth/guest`, `POST /api/auth/admin` or a trusted issuer.",
        },
      },
    },
  };
}

function toOperation(route: Route): Operation {
  const parameters = [...toPathParameters(route), ...toQueryParameters(route)];
  return {
    operationId: toOperationId(route),
    tags: [toTag(route.path)],
    summary: route.summary,
    description: route.readsToken ? "For whoever holds a token." : ACCESS[route.access],
    security: route.access === "anyone" && !route.readsToken ? [] : [{ token: [] }],
    "x-access": route.access,
    ...(parameters.length > 0 && { parameters }),
    ...(route.body && { requestBody: toRequestBody(route, route.body) }),
    responses: { [route.status ?? 200]: toSuccess(route), ...toErrorResponses(route) },
  };
}

function toPathParameters({ path }: Route): Parameter[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name = ""]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string", minLength: 1 },
  }));
}

function toQueryParameters(route: Route): Parameter[] {
  if (!route.query) return [];
  const what = `the query of ${nameOf(route)}`;
  const { type, properties = {}, required = [] } = toJsonSchema(route.query, "input", what);
  if (type !== "object") throw new Error(`${what} is not an object of parameters`);
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: "query",
    required: required.includes(name),
    schema: schema as JsonSchema,
  }));
}

function toRequestBody(route: Route, body: NonNullable<Route["body"]>): RequestBody {
  const kilobytes = (route.maxBodyBytes ?? DEFAULT_BODY_BYTES) / 1024;
  return {
    description: `At most ${kilobytes} KB.`,
    // A call without a body is one with an empty object.
    required: !body.safeParse({}).success,
    content: { "application/json": { schema: toJsonSchema(body, "input", `the body of ${nameOf(route)}`) } },
  };
}

function toSuccess(route: Route): Response {
  const status = route.status ?? 200;
  const description = SUCCESS[status];
  if (!description) throw new Error(`${nameOf(route)} answers ${status}, which is not described`);
  if (status === 204) return { description };
  if (!route.answer) throw new Error(`${nameOf(route)} does not declare its answer`);
  const schema = toJsonSchema(route.answer, "output", `the answer of ${nameOf(route)}`);
  const mediaType = (route.mediaType ?? "application/json").split(";")[0] ?? "";
  return { description, content: { [mediaType]: { schema } } };
}

const nameOf = ({ method, path }: Route): string => `${method} ${path}`;

const toTemplate = (path: string): string => path.replace(/:(\w+)/g, "{$1}");

/** `/api/me/chatlings/:id` → `me`; the reference itself and what watches the server have tags of their own. */
function toTag(path: string): string {
  const [root = "", resource = ""] = path.split("/").slice(1);
  if (root !== "api") return "operations";
  return resource.includes(".") ? "docs" : resource;
}

/** `PATCH /api/me/chatlings/:id` → `patchMeChatlingsById` */
function toOperationId({ method, path }: Route): string {
  const words = path
    .replace(/^\/api\//, "/")
    .replace(/:/g, "by-")
    .split(/[^a-zA-Z0-9]+/)
    .filter((word) => word !== "");
  return method.toLowerCase() + words.map((word) => word[0]?.toUpperCase() + word.slice(1)).join("");
}
