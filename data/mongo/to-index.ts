import type { RawIndex } from "../engine.ts";

/** Marks the indexes that are ours to drop; an operator's own keep their names and are left alone. */
export const INDEX_PREFIX = "parley_";

export interface MongoIndex {
  readonly name: string;
  readonly key: { readonly [path: string]: 1 };
  readonly unique: boolean;
  readonly partialFilterExpression?: { readonly [path: string]: unknown };
}

/**
 * The MongoDB index for a declared one. All but unique ones end with `_id`, which makes their order total.
 * Sparse is spelt as a partial index, because MongoDB's own `sparse` holds a document that has *any* of the fields.
 */
export function toIndex({ name, fields, unique, sparse, where }: RawIndex): MongoIndex {
  const paths = unique ? fields : [...fields, "_id"];
  const limits = [
    ...where.map(([field, value]) => [field, value]),
    ...(sparse ? fields.map((field) => [field, { $exists: true }]) : []),
  ] as [string, unknown][];
  return {
    name: INDEX_PREFIX + name,
    key: Object.fromEntries(paths.map((path) => [path, 1])),
    unique,
    ...(limits.length > 0 && { partialFilterExpression: Object.fromEntries(limits) }),
  };
}
