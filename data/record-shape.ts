import type * as z from "zod";
import type { FieldKind } from "./engine.ts";

export interface FieldShape {
  readonly schema: z.core.$ZodType;
  readonly optional: boolean;
  /** Null when it is neither a scalar nor a list, or may be null. */
  readonly kind: FieldKind | null;
}

/** The top-level fields of a record's schema, or null when it is not a plain `z.object`. */
export function readShape(record: z.core.$ZodType): ReadonlyMap<string, FieldShape> | null {
  const { def } = record._zod as z.core.$ZodTypes["_zod"];
  if (def.type !== "object" || def.catchall) return null;
  return new Map(
    Object.entries(def.shape).map(([field, schema]) => {
      return [field, { schema, optional: schema._zod.optin !== undefined, kind: kindOf(schema) }];
    }),
  );
}

function kindOf(schema: z.core.$ZodType): FieldKind | null {
  const { def } = schema._zod as z.core.$ZodTypes["_zod"];
  if (def.type === "string" || def.type === "number" || def.type === "boolean") return def.type;
  if (def.type === "enum" || def.type === "literal") return kindOfValues(schema);
  if (def.type === "array") return kindOf(def.element) === null ? null : "list";
  const wrapped = def.type === "optional" || def.type === "default" || def.type === "readonly";
  return wrapped ? kindOf(def.innerType) : null;
}

function kindOfValues(schema: z.core.$ZodType): FieldKind | null {
  const kinds = new Set([...(schema._zod.values ?? [])].map((value) => typeof value));
  const [kind] = kinds;
  return kinds.size === 1 && (kind === "string" || kind === "number" || kind === "boolean") ? kind : null;
}
