import express from "express";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { fromJSONSchema } from "zod";
import { sampleConversation } from "#rooms/chatroom/testing/sample-conversation.ts";
import type { Answer, Call } from "../testing/call-api.ts";
import { openTestServer, type TestServer } from "../testing/open-test-server.ts";
import { toExample } from "./api-docs-example.ts";
import type { OpenApi, Operation } from "./openapi.ts";
import type { Response } from "./openapi-errors.ts";
import type { JsonSchema } from "./openapi-json-schema.ts";

const METHODS = ["get", "post", "put", "patch", "delete"] as const;
/** Everything given to Express, whichever way it got there. */
const mounted: string[] = [];
for (const method of METHODS) {
  const mount = express.application[method] as (...given: unknown[]) => unknown;
  vi.spyOn(express.application, method).mockImplementation(function (this: unknown, ...given: unknown[]) {
    // With a name alone, `get` reads a setting.
    if (given.length > 1) mounted.push(`${method.toUpperCase()} ${toTemplate(given[0])}`);
    return mount.apply(this, given) as never;
  });
}
const toTemplate = (path: unknown): string => String(path).replace(/:(\w+)/g, "{$1}");

let server: TestServer;
let document: OpenApi;
let page: string;
beforeAll(async () => {
  server = await openTestServer({ conversations: [sampleConversation("a"), sampleConversation("b")] });
  document = (await server.call("GET /api/openapi.json")).body;
  page = (await server.call("GET /api/docs")).body;
});
afterAll(() => server.close());

interface Described {
  readonly line: string;
  readonly path: string;
  readonly operation: Operation;
}
const readOperations = (): Described[] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      line: `${method.toUpperCase()} ${path}`,
      path,
      operation,
    })),
  );

function follow(ref: string): unknown {
  return ref
    .replace(/^#\//, "")
    .split("/")
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], document);
}

/** What of this answer the document does not say. */
function findSurprises(line: string, { status, headers, body }: Answer): string[] {
  const { operation } = readOperations().find((described) => described.line === line) ?? {};
  const found = operation?.responses[status];
  if (!found) return [`${line} is not said to answer ${status}`];
  const response = ("$ref" in found ? follow(found.$ref) : found) as Response;
  const missing = Object.keys(response.headers ?? {}).filter((header) => !headers.has(header));
  const content = Object.entries(response.content ?? {})[0];
  return [
    ...missing.map((header) => `${line} ${status} lacks ${header}`),
    ...(content ? findInBody(`${line} ${status}`, content, headers, body) : [body].filter(Boolean)),
  ];
}

function findInBody(
  what: string,
  [mediaType, { schema }]: [string, { schema: JsonSchema }],
  headers: Headers,
  body: unknown,
): string[] {
  const sent = headers.get("content-type")?.split(";")[0];
  // Zod reads a schema whose keywords do not name a type as one of anything.
  const parts = (schema.allOf ?? [schema]).map((part) => toTyped(part.$ref ? follow(part.$ref) : part));
  const problems = parts.flatMap((part) => fromJSONSchema(part).safeParse(body).error?.issues ?? []);
  return [
    ...(sent === mediaType ? [] : [`${what} is sent as ${sent}`]),
    ...problems.map(({ path, message }) => `${what} ${path.join(".")}: ${message}`),
  ];
}

function toTyped(schema: unknown): JsonSchema {
  const { properties, ...rest } = schema as JsonSchema;
  if (!properties) return rest;
  const typed = Object.entries(properties).map(([name, property]) => [name, toTyped(property)]);
  return { type: "object", ...rest, properties: Object.fromEntries(typed) };
}

describe("the document", () => {
  it("describes every route that is mounted, and nothing else", () => {
    expect(mounted.length).toBeGreaterThan(20);
    expect(
      readOperations()
        .map(({ line }) => line)
        .toSorted(),
    ).toEqual(mounted.toSorted());
  });

  it("keeps the rules of OpenAPI 3.1", () => {
    expect(document.openapi).toMatch(/^3\.1\.\d$/);
    expect(document.info.version).toMatch(/^\d+\.\d+\.\d+/);
    const operations = readOperations();
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    const templates = Object.keys(document.paths).map((path) => path.replace(/\{\w+\}/g, "{}"));
    expect(new Set(templates).size).toBe(templates.length);
    const tags = document.tags.map(({ name }) => name);
    for (const { line, path, operation } of operations) {
      const inPath = (operation.parameters ?? []).filter((parameter) => parameter.in === "path");
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(inPath.map(({ name }) => name)).toEqual(named);
      expect(inPath.every(({ required }) => required)).toBe(true);
      expect(tags).toContain(operation.tags[0]);
      expect(Object.keys(operation.responses).every((status) => /^[2-5]\d\d$/.test(status))).toBe(true);
      expect(/^(GET|DELETE) /.test(line) && operation.requestBody).toBeFalsy();
    }
    for (const [, name] of JSON.stringify(operations).matchAll(/"security":\[\{"(\w+)"/g)) {
      expect(document.components.securitySchemes).toHaveProperty(name ?? "");
    }
  });

  it("has no reference that leads nowhere, and no schema of another dialect", () => {
    const text = JSON.stringify(document);
    const references = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref]) => ref ?? "");
    expect(references.length).toBeGreaterThan(10);
    for (const ref of new Set(references)) expect([ref, follow(ref)]).not.toContain(undefined);
    expect(text).not.toMatch(/"(\$schema|\$defs|nullable)":/);
  });

  it("is true of what the routes answer", async () => {
    const me = await server.guest("Robin");
    const operator = { token: await server.operator() };
    const calls: [line: `${string} /${string}`, call?: Call][] = [
      ["GET /health"],
      ["GET /metrics"],
      ["GET /api/openapi.json"],
      ["GET /api/docs"],
      ["POST /api/auth/guest", { body: { name: "Kim" } }],
      ["POST /api/auth/renew", me],
      ["GET /api/me", me],
      ["PATCH /api/me", { ...me, body: { name: "Robin H" } }],
      ["GET /api/chatroom/conversation", me],
      ["GET /api/me/chatlings", me],
      ["POST /api/me/chatlings", { ...me, body: { name: "Pip", personality: "curious and shy" } }],
      ["GET /api/me/roles", me],
      ["GET /api/me/export", me],
      ["GET /api/topics", me],
      ["GET /api/chatrooms", me],
      ["GET /api/admin/topics", operator],
      ["POST /api/admin/topics", { ...operator, body: { text: "Lost umbrellas" } }],
      ["GET /api/admin/pool", operator],
      ["GET /api/admin/pool/conversations", operator],
      ["GET /api/admin/users", operator],
      ["DELETE /api/me", me],
    ];
    for (const [line, call] of calls) {
      const answer = await server.call(line, call);
      expect(`${line} ${answer.status}`).toMatch(/ 20\d$/);
      expect(findSurprises(line, answer)).toEqual([]);
    }
  });

  it("is true of their refusals", async () => {
    const me = await server.guest();
    const operator = { token: await server.operator() };
    const refused: [line: string, status: number, answer: Answer][] = [
      // Fifty conversations would have to be there.
      ["GET /ready", 503, await server.call("GET /ready")],
      ["GET /api/me", 401, await server.call("GET /api/me")],
      ["POST /api/auth/renew", 401, await server.call("POST /api/auth/renew")],
      ["POST /api/auth/admin", 401, await server.call("POST /api/auth/admin", { body: { password: "x" } })],
      ["GET /api/admin/pool", 403, await server.call("GET /api/admin/pool", me)],
      ["GET /health", 403, await server.call("GET /health", { headers: { Origin: "https://evil.example" } })],
      ["PATCH /api/me", 405, await server.call("PUT /api/me", me)],
      ["GET /health", 405, await server.call("POST /health")],
      ["GET /api/topics", 400, await server.call("GET /api/topics?cursor=x", me)],
      ["PATCH /api/me", 400, await server.call("PATCH /api/me", { ...me, body: {} })],
      ["PATCH /api/me", 413, await server.call("PATCH /api/me", { ...me, body: "x".repeat(20_000) })],
      [
        "PATCH /api/me",
        415,
        await server.call("PATCH /api/me", { ...me, body: "x", headers: { "Content-Type": "text/plain" } }),
      ],
      [
        "PATCH /api/me/chatlings/{id}",
        404,
        await server.call("PATCH /api/me/chatlings/x", { ...me, body: { favorite: true } }),
      ],
      [
        "POST /api/admin/topics/import",
        422,
        await server.call("POST /api/admin/topics/import", { ...operator, body: { rss: "no feed" } }),
      ],
    ];
    for (const [line, status, answer] of refused) {
      expect([line, answer.status]).toEqual([line, status]);
      expect(findSurprises(line, answer)).toEqual([]);
    }
  });

  it("would show what it does not say", async () => {
    const me = await server.guest();
    const profile = await server.call("GET /api/me", me);
    const found = (changes: Partial<Answer>) => findSurprises("GET /api/me", { ...profile, ...changes });
    expect(found({})).toEqual([]);
    expect(found({ status: 418 })).toHaveLength(1);
    expect(found({ body: { ...profile.body, secret: 1 } })).toHaveLength(1);
    expect(found({ body: { ...profile.body, name: undefined } })).toHaveLength(1);
    expect(found({ headers: new Headers({ "content-type": "text/plain" }) })).toHaveLength(1);
    const refusal = await server.call("GET /api/me");
    const error = { ...refusal.body.error, code: "new-code" };
    expect(findSurprises("GET /api/me", { ...refusal, body: { error } })).toHaveLength(1);
    const bare = new Headers({ "content-type": "application/json" });
    expect(findSurprises("GET /api/me", { ...refusal, headers: bare })).toHaveLength(1);
  });

  it("gives examples that the routes take", async () => {
    const operator = { token: await server.operator() };
    for (const { line, operation } of readOperations()) {
      if (!operation.requestBody) continue;
      const body = toExample(operation.requestBody.content["application/json"].schema);
      const address = line.replace(/\{\w+\}/g, "none") as `${string} /${string}`;
      const answer = await server.call(address, { ...operator, body });
      expect(`${line} ${answer.body.error?.code}`).not.toMatch(/ invalid-body$/);
    }
  });
});

describe("the page", () => {
  it("shows every route with an example", () => {
    for (const { line, operation } of readOperations()) {
      const [method, path] = line.split(" ");
      expect(page).toContain(`<span class="method">${method}</span> ${path}`);
      expect(page).toContain(`href="#${operation.operationId}"`);
    }
    expect(page.match(/<code>curl /g)).toHaveLength(readOperations().length);
  });

  it("keeps to the policy it is served under: no script, no style of its own, nothing from elsewhere", async () => {
    expect(page).not.toMatch(/<script|<style|\sstyle=|\son\w+=|javascript:|(src|href)="(https?:)?\/\//i);
    const { headers } = await server.call("GET /api/docs");
    expect(headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(headers.get("content-security-policy")).toContain("default-src 'none'");
    const [, style] = /<link rel="stylesheet" href="([^"]+)"/.exec(page) ?? [];
    const sheet = await server.call(`GET ${style}` as "GET /");
    expect([sheet.status, sheet.headers.get("content-type")]).toEqual([200, "text/css; charset=utf-8"]);
    expect(sheet.body).not.toMatch(/url\(|@import/);
  });

  it("has each id once, and no link within it that leads nowhere", () => {
    const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, id] of page.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(id);
  });
});
