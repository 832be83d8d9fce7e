import type { Scalar } from "./collection.ts";
import type { RawChange, RawCondition, RawDeclaration, RawTerm } from "./engine.ts";
import { InvalidRecordError } from "./errors.ts";
import type { FieldShape } from "./record-shape.ts";
import * as z from "zod";

/** The port's `Change`, without the record's type. */
export interface PlainChange {
  readonly set?: { readonly [field: string]: unknown };
  readonly unset?: readonly string[];
  readonly increment?: { readonly [field: string]: number | undefined };
  readonly max?: { readonly [field: string]: number | undefined };
  readonly push?: {
    readonly [field: string]: { readonly values: readonly unknown[]; readonly cap: number } | undefined;
  };
  readonly addToSet?: { readonly [field: string]: Scalar | undefined };
}

export type PlainCondition = {
  readonly [field: string]: Scalar | { readonly [bound in "lt" | "lte" | "gt" | "gte"]?: number } | undefined;
};

/** What a change is checked against. */
export interface ChangeRules {
  readonly declaration: RawDeclaration;
  readonly shape: ReadonlyMap<string, FieldShape>;
  /** Fields that no change may name: the id, the owner of seals. */
  readonly fixed: readonly string[];
  readonly sealed: readonly string[];
}

/**
 * A change with every operator present and every value fitting the record's schema.
 * @throws InvalidRecordError for unknown, fixed or twice-named fields and values of the wrong shape
 */
export function toRawChange(rules: ChangeRules, change: PlainChange): RawChange {
  const raw: RawChange = {
    set: withoutUndefined(change.set ?? {}),
    unset: change.unset ?? [],
    increment: withoutUndefined(change.increment ?? {}),
    max: withoutUndefined(change.max ?? {}),
    push: withoutUndefined(change.push ?? {}),
    addToSet: withoutUndefined(change.addToSet ?? {}),
  };
  const refuse = (field: string, problem: string) =>
    new InvalidRecordError(rules.declaration.name, [field], problem);
  const computed = [raw.increment, raw.max, raw.push, raw.addToSet].flatMap(Object.keys);
  const named = [...Object.keys(raw.set), ...raw.unset, ...computed];
  for (const field of named) {
    if (!rules.shape.has(field)) throw refuse(field, "a change names an unknown field");
    if (rules.fixed.includes(field)) throw refuse(field, "this field never changes");
  }
  if (new Set(named).size < named.length) throw refuse(named.join(" "), "a change names a field twice");

  const sealed = computed.find((field) => rules.sealed.includes(field));
  if (sealed) throw refuse(sealed, "a sealed field can only be set or unset");
  for (const [field, value] of Object.entries(raw.set)) check(rules, field, value, refuse);
  for (const field of raw.unset) {
    if (!rules.shape.get(field)?.optional)
      throw refuse(field, "a field that is not optional cannot be unset");
  }
  for (const [field, value] of Object.entries({ ...raw.increment, ...raw.max })) {
    if (rules.shape.get(field)?.kind !== "number" || !Number.isFinite(value))
      throw refuse(field, "not a number");
  }
  for (const [field, { values, cap }] of Object.entries(raw.push)) {
    if (!Number.isInteger(cap) || cap < 1) throw refuse(field, "a list is kept to at least one element");
    check(rules, field, values, refuse);
  }
  for (const [field, value] of Object.entries(raw.addToSet)) check(rules, field, [value], refuse);
  return raw;
}

/** @throws InvalidRecordError when a field is unknown, sealed or no scalar, or a bound is not on a number */
export function toRawCondition(rules: ChangeRules, condition: PlainCondition = {}): RawCondition {
  return Object.entries(withoutUndefined(condition)).map(([field, value]): RawTerm => {
    const kind = rules.shape.get(field)?.kind;
    const bounds = typeof value === "object";
    const fits = bounds ? kind === "number" && Object.keys(value).length > 0 : kind === typeof value;
    if (!fits || rules.sealed.includes(field)) {
      throw new InvalidRecordError(rules.declaration.name, [field], "a condition does not fit this field");
    }
    return bounds ? { field, ...value } : { field, equals: value };
  });
}

/** The same without entries that are undefined. */
function withoutUndefined<V>(fields: { readonly [field: string]: V | undefined }): {
  [field: string]: V;
} {
  return Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, V] => entry[1] !== undefined),
  );
}

function check(
  { shape }: ChangeRules,
  field: string,
  value: unknown,
  refuse: (field: string, problem: string) => InvalidRecordError,
): void {
  const schema = shape.get(field)?.schema;
  if (!schema || !z.safeParse(schema, value).success) throw refuse(field, "a value does not fit the schema");
}
