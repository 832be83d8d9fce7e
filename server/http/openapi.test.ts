import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { toOpenApi } from "./openapi.ts";
import { defineRoute } from "./route.ts";

const read = defineRoute({
  method: "GET",
  path: "/api/shelves/:shelf/books/:id",
  summary: "One book",
  access: "user",
  limit: "read",
  query: z.object({
    limit: z._default(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(9)), 5),
    word: z.string(),
  }),
  answer: z.object({ title: z.string(), pages: z.optional(z.number()) }),
  errors: { "not-found": 404, "not-yours": 404 },
  handle: () => ({ title: "x" }),
});
const write = defineRoute({
  method: "POST",
  path: "/api/shelves",
  summary: "A new shelf",
  access: "anyone",
  limit: "write",
  body: z.strictObject({ name: z.string().check(z.minLength(1)) }),
  status: 204,
  handle: () => {},
});
const describeRoute = (changes: object) => toOpenApi([{ ...write, ...changes }], { version: "1" });

describe("the description of a route", () => {
  const { paths, components } = toOpenApi([read, write], { version: "1.2.3" });
  const reading = paths["/api/shelves/{shelf}/books/{id}"]?.get;
  const writing = paths["/api/shelves"]?.post;

  it("names its parameters, those of the path and those of the query", () => {
    expect(reading?.parameters).toEqual([
      { name: "shelf", in: "path", required: true, schema: { type: "string", minLength: 1 } },
      { name: "id", in: "path", required: true, schema: { type: "string", minLength: 1 } },
      {
        name: "limit",
        in: "query",
        required: false,
        schema: { type: "integer", minimum: 1, maximum: 9, default: 5 },
      },
      { name: "word", in: "query", required: true, schema: { type: "string" } },
    ]);
    expect(writing?.parameters).toBeUndefined();
  });

  it("holds the body as it may be sent, and whether it may be left out", () => {
    expect(writing?.requestBody).toMatchObject({
      required: true,
      description: "At most 16 KB.",
      content: {
        "application/json": { schema: { required: ["name"], properties: { name: { minLength: 1 } } } },
      },
    });
    const optional = describeRoute({ body: z.strictObject({ name: z.optional(z.string()) }) });
    expect(optional.paths["/api/shelves"]?.post?.requestBody?.required).toBe(false);
    expect(reading?.requestBody).toBeUndefined();
  });

  it("holds the answer with its status, and none where nothing is sent", () => {
    expect(reading?.responses["200"]).toMatchObject({
      content: { "application/json": { schema: { required: ["title"], additionalProperties: false } } },
    });
    expect(writing?.responses["204"]).toEqual({ description: expect.any(String) });
    const text = describeRoute({ status: 200, answer: z.string(), mediaType: "text/css; charset=utf-8" });
    expect(text.paths["/api/shelves"]?.post?.responses["200"]).toMatchObject({
      content: { "text/css": { schema: { type: "string" } } },
    });
  });

  it("lists the refusals it declares, and those of what stands around it", () => {
    const statuses = (responses = {}) => Object.keys(responses).map(Number);
    expect(statuses(reading?.responses)).toEqual([200, 400, 401, 403, 404, 405, 429, 500, 503]);
    expect(statuses(writing?.responses)).toEqual([204, 400, 403, 405, 413, 415, 429, 500, 503]);
    expect(JSON.stringify(reading?.responses["404"])).toContain('"enum":["not-found","not-yours"]');
    expect(reading?.responses["429"]).toEqual({ $ref: "#/components/responses/TooManyRequests" });
    expect(components.responses["TooManyRequests"]?.headers).toHaveProperty("Retry-After");
    expect(components.responses["MethodNotAllowed"]?.headers).toHaveProperty("Allow");
  });

  it("adds a route's own codes to the shared ones of the same status", () => {
    const { paths } = toOpenApi([{ ...read, errors: { "token-foreign": 401 } }], { version: "1" });
    const refusal = JSON.stringify(paths["/api/shelves/{shelf}/books/{id}"]?.get?.responses["401"]);
    expect(refusal).toContain('"token-foreign","token-missing"');
  });

  it("says who may call", () => {
    expect(reading).toMatchObject({ security: [{ token: [] }], "x-access": "user" });
    expect(writing).toMatchObject({ security: [], "x-access": "anyone" });
    const renewing = describeRoute({ readsToken: true }).paths["/api/shelves"]?.post;
    expect(renewing?.security).toEqual([{ token: [] }]);
    expect(renewing?.responses).toHaveProperty("401");
  });
});

describe("a route that cannot be described", () => {
  it.each([
    ["a body that is no JSON", { body: z.object({ at: z.date() }) }, "the body of POST /api/shelves"],
    ["an answer nobody declared", { status: 200 }, "does not declare its answer"],
    ["a status nobody described", { status: 299 }, "answers 299"],
    ["a query that is no object", { query: z.string() }, "not an object of parameters"],
    ["a refusal that is none of ours", { errors: { teapot: 418 } }, "declares 418"],
  ])("fails at once: %s", (_what, changes, message) => {
    expect(() => describeRoute(changes)).toThrow(message);
  });
});
