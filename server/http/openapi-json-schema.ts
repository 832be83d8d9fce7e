import * as z from "zod/mini";

export type JsonSchema = z.core.JSONSchema.BaseSchema;

/**
 * A schema of ours as JSON Schema (draft 2020-12, as OpenAPI 3.1 takes it): `input` is what may be sent, `output` what
 * is answered.
 * @throws Error naming `what` when the schema holds something that JSON Schema cannot say
 */
export function toJsonSchema(schema: z.ZodMiniType, io: "input" | "output", what: string): JsonSchema {
  try {
    const { $schema: _draft, $defs, ...json } = z.toJSONSchema(schema, { io });
    // Its references would point into the root of the document, where they are not.
    if ($defs) throw new Error("definitions inside a schema are not carried over");
    return json;
  } catch (cause) {
    throw new Error(`${what} cannot be described in JSON Schema`, { cause });
  }
}
