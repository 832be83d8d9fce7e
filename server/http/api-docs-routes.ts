import { readFileSync } from "node:fs";
import * as z from "zod/mini";
import { renderApiDocs } from "./api-docs-page.ts";
import { toOpenApi, type OpenApi } from "./openapi.ts";
import { defineRoute, type Route } from "./route.ts";

const STYLE = readFileSync(new URL("./api-docs.css", import.meta.url), "utf8");

/** The reference of these routes, and of its own, for programs and for people. */
export function createApiDocsRoutes(routes: readonly Route[], { version }: { version: string }): Route[] {
  const readDocument = once((): OpenApi => toOpenApi([...routes, ...docs], { version }));
  const readPage = once(() => renderApiDocs(readDocument()));
  const docs: Route[] = [
    defineRoute({
      method: "GET",
      path: "/api/openapi.json",
      summary: "This reference as an OpenAPI 3.1 document",
      access: "anyone",
      limit: "read",
      answer: z.looseObject({ openapi: z.string(), info: z.looseObject({ version: z.string() }) }),
      handle: readDocument,
    }),
    defineRoute({
      method: "GET",
      path: "/api/docs",
      summary: "This reference as a page",
      access: "anyone",
      limit: "read",
      mediaType: "text/html; charset=utf-8",
      answer: z.string(),
      handle: readPage,
    }),
    defineRoute({
      method: "GET",
      path: "/api/docs/style.css",
      summary: "The look of the page",
      access: "anyone",
      limit: "read",
      mediaType: "text/css; charset=utf-8",
      answer: z.string(),
      handle: () => STYLE,
    }),
  ];
  return docs;
}

/** Made when it is first asked for, since most processes are never asked. */
function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
