import { ErrorBody } from "#schema/api.ts";
import { toJsonSchema, type JsonSchema } from "./openapi-json-schema.ts";
import type { Route } from "./route.ts";

/** One status of an operation, as OpenAPI describes it. */
export interface Response {
  readonly description: string;
  readonly headers?: Readonly<Record<string, { description: string; schema: JsonSchema }>>;
  readonly content?: Readonly<Record<string, { schema: JsonSchema }>>;
}
export interface ResponseRef {
  readonly $ref: string;
}

interface GeneralError {
  readonly name: string;
  readonly status: number;
  readonly description: string;
  readonly codes: readonly string[];
  readonly header?: readonly [name: string, description: string, type: "string" | "integer"];
  readonly isOf: (route: Route) => boolean;
}

const always = (): boolean => true;
const hasBody = ({ body }: Route): boolean => body !== undefined;
const readsToken = ({ access, readsToken }: Route): boolean => access !== "anyone" || readsToken === true;
const takesInput = ({ body, query, path }: Route): boolean =>
  body !== undefined || query !== undefined || path.includes(":");

/** What stands around the handlers refuses with these, so routes do not declare them. */
const GENERAL: readonly GeneralError[] = [
  {
    name: "BadRequest",
    status: 400,
    description: "What was sent does not have the expected shape; `details` says where.",
    codes: [
      "invalid-body",
      "invalid-query",
      "invalid-cursor",
      "invalid-json",
      "invalid-length",
      "request-aborted",
      "bad-request",
    ],
    isOf: takesInput,
  },
  {
    name: "Unauthorized",
    status: 401,
    description: "A valid token is needed; one that has expired can be renewed.",
    codes: ["token-missing", "token-invalid", "token-expired", "token-revoked"],
    header: ["WWW-Authenticate", "The scheme to sign in by.", "string"],
    isOf: readsToken,
  },
  {
    name: "Forbidden",
    status: 403,
    description: "Only operators may do this, or pages of that origin may not use this server.",
    codes: ["operators-only", "foreign-origin"],
    isOf: always,
  },
  { name: "NotFound", status: 404, description: "There is no such thing.", codes: [], isOf: () => false },
  {
    name: "MethodNotAllowed",
    status: 405,
    description: "The answer to any method that is not documented for this address.",
    codes: ["method-not-allowed"],
    header: ["Allow", "The methods it takes.", "string"],
    isOf: always,
  },
  {
    name: "Conflict",
    status: 409,
    description: "It does not fit what is there.",
    codes: [],
    isOf: () => false,
  },
  {
    name: "TooLarge",
    status: 413,
    description: "The body is larger than this route takes.",
    codes: ["body-too-large"],
    isOf: hasBody,
  },
  {
    name: "UnsupportedMediaType",
    status: 415,
    description: "Bodies are sent as application/json in UTF-8, plain or compressed.",
    codes: ["json-only", "encoding-unsupported", "charset-unsupported"],
    isOf: hasBody,
  },
  {
    name: "Unprocessable",
    status: 422,
    description: "The right shape, but impossible.",
    codes: [],
    isOf: () => false,
  },
  {
    name: "TooManyRequests",
    status: 429,
    description: "Too many calls within a minute.",
    codes: ["too-many-requests"],
    header: ["Retry-After", "Seconds to wait.", "integer"],
    isOf: ({ limit }) => limit !== undefined,
  },
  {
    name: "InternalError",
    status: 500,
    description: "Something went wrong in the server, which has logged it.",
    codes: ["internal"],
    isOf: always,
  },
  {
    name: "Unavailable",
    status: 503,
    description: "The server, or something it depends on, cannot answer just now.",
    codes: ["store-unavailable", "issuer-unreachable"],
    header: ["Retry-After", "Seconds to wait, where that is known.", "integer"],
    isOf: always,
  },
];

export const ERROR_SCHEMA: JsonSchema = toJsonSchema(ErrorBody, "output", "the error body");

/** The errors that routes share, by the name under which they are referred to. */
export const generalResponses = (): Record<string, Response> =>
  Object.fromEntries(
    GENERAL.filter(({ codes }) => codes.length > 0).map((error) => [error.name, toResponse(error, [])]),
  );

/**
 * The refusals of a route by status: those it declares, and those of what stands around it.
 * @throws Error for a declared status that is not an error of the API
 */
export function toErrorResponses(route: Route): Record<string, Response | ResponseRef> {
  const own = Object.groupBy(Object.keys(route.errors ?? {}), (code) => String(route.errors?.[code]));
  const unknown = Object.keys(own).find(
    (status) => !GENERAL.some((error) => String(error.status) === status),
  );
  if (unknown) throw new Error(`${route.method} ${route.path} declares ${unknown}, which no error here has`);
  return Object.fromEntries(
    GENERAL.flatMap((error): [string, Response | ResponseRef][] => {
      const status = String(error.status);
      const codes = own[status];
      const isGeneral = error.isOf(route);
      if (codes) return [[status, toResponse(isGeneral ? error : { ...error, codes: [] }, codes)]];
      return isGeneral ? [[status, { $ref: `#/components/responses/${error.name}` }]] : [];
    }),
  );
}

function toResponse({ description, codes, header }: GeneralError, more: readonly string[]): Response {
  const code = { type: "string" as const, enum: [...more, ...codes] };
  const ofTheseCodes = { properties: { error: { properties: { code } } } };
  return {
    description,
    ...(header && { headers: { [header[0]]: { description: header[1], schema: { type: header[2] } } } }),
    content: {
      "application/json": { schema: { allOf: [{ $ref: "#/components/schemas/Error" }, ofTheseCodes] } },
    },
  };
}

/** The codes of an error answer, read back from its description. */
export function readCodes({ content }: Response): readonly string[] {
  const schema = content?.["application/json"]?.schema.allOf?.[1] as
    | { properties: { error: { properties: { code: { enum: string[] } } } } }
    | undefined;
  return schema?.properties.error.properties.code.enum ?? [];
}
