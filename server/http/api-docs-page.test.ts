import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { toExample } from "./api-docs-example.ts";
import { renderApiDocs } from "./api-docs-page.ts";
import { toShape } from "./api-docs-shape.ts";
import { toOpenApi } from "./openapi.ts";
import { toJsonSchema } from "./openapi-json-schema.ts";
import { defineRoute } from "./route.ts";

const Book = z.strictObject({
  title: z.string().check(z.minLength(1), z.maxLength(80)),
  kind: z.nullable(z.enum(["novel", "poem"])),
  pages: z.optional(z.int().check(z.minimum(1))),
  words: z.array(z.string().check(z.maxLength(9))).check(z.minLength(2)),
  "first-line": z._default(z.string(), "Once"),
  by: z.union([z.object({ name: z.string() }), z.literal("nobody")]),
  more: z.record(z.string(), z.number()),
  odds: z.array(z.union([z.object({ a: z.enum(["b", "c"]) }), z.null()])),
  ends: z.array(z.object({ d: z.nullable(z.string().check(z.minLength(0), z.maxLength(5))) })),
});
const schema = toJsonSchema(Book, "input", "a book");

describe("a shape", () => {
  it("reads as a type, limits beside it", () => {
    expect(toShape(schema)).toBe(
      [
        "{",
        "  title: string  // 1 to 80 characters",
        '  kind: "novel" | "poem" | null',
        "  pages?: integer  // at least 1",
        "  words: string[] /* each at most 9 characters */  // at least 2 items",
        '  "first-line"?: string  // "Once" unless given',
        "  by: {",
        "    name: string",
        '  } | "nobody"',
        "  more: {",
        "    [name: string]: number",
        "  }",
        "  odds: ({",
        '    a: "b" | "c"',
        "  } | null)[]",
        "  ends: {",
        "    d: string | null  // at most 5 characters",
        "  }[]",
        "}",
      ].join("\n"),
    );
  });
});

describe("an example", () => {
  it("fits its schema, with no more than is required", () => {
    const example = toExample(schema);
    expect(Book.safeParse(example).error).toBeUndefined();
    expect(example).not.toHaveProperty("pages");
  });

  it("holds the first field where none is required, so that it does something", () => {
    const patch = z.strictObject({ name: z.optional(z.string()), age: z.optional(z.number()) });
    expect(toExample(toJsonSchema(patch, "input", "a patch"))).toEqual({ name: "text" });
  });
});

describe("the page", () => {
  it("shows texts as they are, never as markup", () => {
    const route = defineRoute({
      method: "POST",
      path: "/api/books",
      summary: `<b>"It's"</b> & more`,
      access: "user",
      limit: "write",
      body: z.strictObject({ name: z.literal("</code><script>'") }),
      answer: z.object({}),
      handle: () => ({}),
    });
    const page = renderApiDocs(toOpenApi([route], { version: "<1>" }));
    expect(page).toContain("&lt;b&gt;&quot;It&#39;s&quot;&lt;/b&gt; &amp; more");
    expect(page).toContain("&lt;1&gt;");
    expect(page).not.toMatch(/<b>|<script|<1>/);
  });
});
