import type { JsonSchema } from "./openapi-json-schema.ts";

/** A small value that fits a schema: what is required, and where nothing is, the first thing there is. */
export function toExample(schema: JsonSchema | boolean): unknown {
  if (typeof schema === "boolean") return "text";
  if (schema.examples?.length) return schema.examples[0];
  if (schema.default !== undefined) return schema.default;
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  const [option] = schema.anyOf ?? schema.oneOf ?? [];
  if (option) return toExample(option);
  if (schema.type === "object") return toObject(schema);
  if (schema.type === "array") {
    return Array.from({ length: schema.minItems ?? 1 }, () => toExample(toItem(schema)));
  }
  if (schema.type === "integer" || schema.type === "number") {
    return Math.max(schema.minimum ?? 1, Math.min(1, schema.maximum ?? 1));
  }
  if (schema.type === "boolean") return true;
  if (schema.type === "null") return null;
  return "text".padEnd(schema.minLength ?? 0, " text").slice(0, schema.maxLength);
}

function toObject({ properties = {}, required = [] }: JsonSchema): Record<string, unknown> {
  const [first] = Object.keys(properties);
  const names = required.length > 0 || first === undefined ? required : [first];
  return Object.fromEntries(names.map((name) => [name, toExample(properties[name] ?? true)]));
}

const toItem = ({ items }: JsonSchema): JsonSchema | boolean => (items ?? true) as JsonSchema | boolean;
