import type { JsonSchema } from "./openapi-json-schema.ts";

/** A JSON Schema as people read shapes: TypeScript's notation, limits behind it as comments. */
export function toShape(schema: JsonSchema | boolean, indent = ""): string {
  const { shape, note } = toNoted(schema, indent);
  return note ? `${shape}  // ${note}` : shape;
}

interface Noted {
  readonly shape: string;
  readonly note: string;
}

function toNoted(schema: JsonSchema | boolean, indent: string): Noted {
  if (typeof schema === "boolean") return { shape: schema ? "any" : "never", note: "" };
  return { shape: toType(schema, indent), note: toNote(schema) };
}

function toType(schema: JsonSchema, indent: string): string {
  const options = schema.anyOf ?? schema.oneOf;
  if (options) return options.map((option) => toNoted(option, indent).shape).join(" | ");
  if (schema.allOf) return schema.allOf.map((part) => toNoted(part, indent).shape).join(" & ");
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.$ref) return schema.$ref.split("/").at(-1) ?? "any";
  if (Array.isArray(schema.type)) return schema.type.join(" | ");
  if (schema.type === "object") return toObject(schema, indent);
  if (schema.type === "array") return toList(schema, indent);
  return schema.type ?? "any";
}

function toObject(
  { properties = {}, required = [], additionalProperties }: JsonSchema,
  indent: string,
): string {
  const inner = `${indent}  `;
  const lines = Object.entries(properties).map(([name, property]) => {
    const mark = required.includes(name) ? "" : "?";
    return `${inner}${toKey(name)}${mark}: ${toShape(property, inner)}`;
  });
  if (additionalProperties) lines.push(`${inner}[name: string]: ${toShape(additionalProperties, inner)}`);
  return lines.length === 0 ? "{}" : `{\n${lines.join("\n")}\n${indent}}`;
}

function toList({ prefixItems, items }: JsonSchema, indent: string): string {
  if (prefixItems) return `[${prefixItems.map((item) => toNoted(item, indent).shape).join(", ")}]`;
  const item = (items ?? true) as JsonSchema | boolean;
  const { shape, note } = toNoted(item, indent);
  const list = isChoice(item) ? `(${shape})[]` : `${shape}[]`;
  return note ? `${list} /* each ${note} */` : list;
}

const isChoice = (schema: JsonSchema | boolean): boolean =>
  typeof schema === "object" && [schema.anyOf, schema.oneOf, schema.enum, schema.type].some(Array.isArray);

function toNote(schema: JsonSchema): string {
  const options = (schema.anyOf ?? []).map((option) => toNoted(option, "").note);
  const notes = [
    toRange(schema.minLength, schema.maxLength, " characters"),
    toRange(schema.minItems, schema.maxItems, " items"),
    schema.type === "integer" ? toRange(toSafe(schema.minimum), toSafe(schema.maximum), "") : "",
    schema.type === "number" ? toRange(schema.minimum, schema.maximum, "") : "",
    schema.pattern ? `matches ${schema.pattern}` : "",
    schema.default !== undefined ? `${JSON.stringify(schema.default)} unless given` : "",
    schema.description ?? "",
    ...options,
  ];
  return notes.filter(Boolean).join("; ");
}

/** Limits that only say what a number can be at all are left out. */
const toSafe = (limit: number | undefined): number | undefined =>
  limit === undefined || Math.abs(limit) === Number.MAX_SAFE_INTEGER ? undefined : limit;

function toRange(from: number | undefined, to: number | undefined, unit: string): string {
  if (to === undefined) return from ? `at least ${from}${unit}` : "";
  return !from ? `at most ${to}${unit}` : `${from} to ${to}${unit}`;
}

const toKey = (name: string): string => (/^[\w$]+$/.test(name) ? name : JSON.stringify(name));
