import * as z from "zod";
import type { OutputSchema } from "../model.ts";

/** Limits that one vendor or another refuses in a strict schema; the answer is checked against them afterwards. */
const LIMITS: ReadonlySet<string> = new Set([
  "$schema",
  "minLength",
  "maxLength",
  "pattern",
  "format",
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "multipleOf",
  "minItems",
  "maxItems",
  "default",
]);

/**
 * The one schema every vendor is sent for a shape: all fields required, no others, no limits. An optional field must be
 * declared nullable instead.
 */
export function toOutputSchema(name: string, shape: z.core.$ZodType): OutputSchema {
  return { name, json: withoutLimits(z.toJSONSchema(shape, { io: "input" })) as OutputSchema["json"] };
}

function withoutLimits(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutLimits);
  if (node === null || typeof node !== "object") return node;
  const fields = Object.entries(node).filter(([key]) => !LIMITS.has(key));
  const plain = Object.fromEntries(
    fields.map(([key, value]) => [key, key === "properties" ? withEach(value) : withoutLimits(value)]),
  );
  if (plain["type"] !== "object" || !plain["properties"]) return plain;
  return { ...plain, required: Object.keys(plain["properties"]), additionalProperties: false };
}

/** Names of properties are the shape's own, whatever they are called. */
function withEach(properties: unknown): unknown {
  return Object.fromEntries(
    Object.entries(properties as object).map(([name, node]) => [name, withoutLimits(node)]),
  );
}
