import type { QueryPlan, RawCondition, RawTerm } from "../engine.ts";
import type { Scalar } from "../collection.ts";

/** A filter of MongoDB's query language. */
export type Filter = { $and?: Filter[]; $or?: Filter[]; [field: string]: unknown };
type Sort = { [field: string]: 1 | -1 };

/** Our `id` is MongoDB's `_id`; every other field keeps its name. */
export function toPath(field: string): string {
  return field === "id" ? "_id" : field;
}

/** What a plan selects. It repeats the index's own limits, or MongoDB would not use a partial index for it. */
export function toFilter(plan: QueryPlan, condition: RawCondition = []): Filter {
  const { index, equals, holds, range, after } = plan;
  const clauses: Filter[] = equals.map(([field, value]) => ({ [field]: { $eq: value } }));
  if (holds.length > 0) clauses.push({ [index.fields[0] as string]: { $all: holds } });
  if (range) {
    const { field, ...bounds } = range;
    clauses.push({ [field]: toBounds(bounds) });
  }
  for (const [field, value] of index.where) clauses.push({ [field]: { $eq: value } });
  if (index.sparse) {
    for (const field of index.fields.slice(equals.length)) clauses.push({ [field]: { $exists: true } });
  }
  if (after) clauses.push(...behind(plan, after));
  clauses.push(...condition.map(toClause));
  return clauses.length === 0 ? {} : { $and: clauses };
}

/** The order of a plan's results, spelt as its index is, so that no sort in memory is needed. */
export function toSort({ index, sort, reverse }: QueryPlan): Sort {
  const direction = reverse ? -1 : 1;
  const fields = index.multikey ? sort : index.unique ? index.fields : [...index.fields, "id"];
  return Object.fromEntries(fields.map((field) => [toPath(field), direction]));
}

/** The document with this id, if it meets the condition. `$eq` keeps a missing id from matching everything. */
export function toIdFilter(id: string, condition: RawCondition = []): Filter {
  return { $and: [{ _id: { $eq: id } }, ...condition.map(toClause)] };
}

/**
 * Strictly behind a position: the first field beyond it, or equal and the second beyond it, and so on.
 * The first clause says nothing new, but gives the index a bound to begin at.
 */
function behind({ sort, reverse }: QueryPlan, position: readonly Scalar[]): Filter[] {
  const fields = sort.map(toPath);
  const [beyond, from] = reverse ? ["$lt", "$lte"] : ["$gt", "$gte"];
  const alternatives = fields.map((field, depth) => ({
    $and: [
      ...fields.slice(0, depth).map((earlier, n) => ({ [earlier]: { $eq: position[n] } })),
      { [field]: { [beyond]: position[depth] } },
    ],
  }));
  return [{ [fields[0] as string]: { [from]: position[0] } }, { $or: alternatives }];
}

function toClause(term: RawTerm): Filter {
  if ("equals" in term) return { [toPath(term.field)]: { $eq: term.equals } };
  const { field, ...bounds } = term;
  return { [toPath(field)]: toBounds(bounds) };
}

function toBounds(bounds: { readonly [bound: string]: Scalar | undefined }): { [operator: string]: Scalar } {
  const given = Object.entries(bounds).filter((entry): entry is [string, Scalar] => entry[1] !== undefined);
  return Object.fromEntries(given.map(([bound, value]) => [`$${bound}`, value]));
}
