import type { Scalar } from "./collection.ts";
import { fromCursor, toCursor } from "./cursor.ts";
import type { FieldKind, QueryPlan, RawDeclaration, RawIndex, RawRange, RawRecord } from "./engine.ts";
import { UnservedQueryError } from "./errors.ts";

/** The port's `Query`, without the record's type. */
export interface PlainQuery {
  readonly index: string;
  readonly equals?: { readonly [field: string]: Scalar | undefined };
  readonly range?: { readonly [bound in "gt" | "gte" | "lt" | "lte"]?: Scalar | undefined };
  readonly reverse?: boolean;
}

/**
 * Turns a query into a plan that its index serves.
 * @throws UnservedQueryError when it names an unknown index, leaves a gap in the equality prefix, or ranges elsewhere
 * @throws InvalidCursorError when `after` is no cursor of this query
 */
export function planQuery(declaration: RawDeclaration, query: PlainQuery, after?: string): QueryPlan {
  const index = declaration.indexes.find((each) => each.name === query.index);
  const refuse = (problem: string) => new UnservedQueryError(declaration.name, query.index, problem);
  if (index === undefined) throw refuse("no such index");

  const given = Object.entries(query.equals ?? {}).filter((entry): entry is [string, Scalar] => {
    return entry[1] !== undefined;
  });
  const prefix = index.fields.slice(0, given.length);
  const values = new Map(given);
  const equals = prefix.map((field): readonly [string, Scalar] => {
    const value = values.get(field);
    if (value === undefined) throw refuse(`equality must be on a prefix of ${index.fields.join(", ")}`);
    if (!index.multikey && typeof value !== declaration.kinds[field]) {
      throw refuse(`${field} is a ${declaration.kinds[field]}`);
    }
    return [field, value];
  });
  if (given.length > index.fields.length) throw refuse("equality on fields the index does not have");

  const open = index.fields.slice(given.length);
  const range = toRange(query.range ?? {}, open[0], declaration.kinds, refuse);
  if (index.multikey && (equals.length === 0 || range))
    throw refuse("a list is asked for one value it holds");
  const plan: QueryPlan = {
    index,
    equals: index.multikey ? [] : equals,
    holds: index.multikey ? equals.map(([, value]) => value) : [],
    ...(range && { range }),
    sort: [...open, "id"],
    reverse: query.reverse ?? false,
  };
  return after === undefined ? plan : { ...plan, after: readAfter(declaration, plan, after) };
}

/** A plan for the records whose list holds all of these values, in the order of ids. */
export function planHolding(
  declaration: RawDeclaration,
  index: RawIndex,
  values: readonly Scalar[],
  after?: string,
): QueryPlan {
  const plan: QueryPlan = { index, equals: [], holds: values, sort: ["id"], reverse: false };
  return after === undefined ? plan : { ...plan, after: readAfter(declaration, plan, after) };
}

/** The position of a record in a plan's order. It has all fields of `plan.sort`. */
export function positionOf(plan: QueryPlan, record: RawRecord): Scalar[] {
  return plan.sort.map((field) => record[field] as Scalar);
}

/** The cursor that continues behind this record. */
export function cursorAfter(plan: QueryPlan, record: RawRecord): string {
  return toCursor(listOf(plan), positionOf(plan, record));
}

function readAfter(declaration: RawDeclaration, plan: QueryPlan, cursor: string): Scalar[] {
  const kinds = plan.sort.map((field) =>
    field === "id" ? "string" : (declaration.kinds[field] as FieldKind),
  );
  return fromCursor(listOf(plan), kinds, cursor);
}

function listOf(plan: QueryPlan): string {
  return `${plan.index.name}${plan.reverse ? "-" : "+"}`;
}

function toRange(
  bounds: NonNullable<PlainQuery["range"]>,
  field: string | undefined,
  kinds: RawDeclaration["kinds"],
  refuse: (problem: string) => UnservedQueryError,
): RawRange | undefined {
  const given = Object.entries(bounds).filter(([, value]) => value !== undefined);
  if (given.length === 0) return undefined;
  if (field === undefined) throw refuse("a range needs an index field behind the equality");
  if (given.some(([, value]) => typeof value !== kinds[field])) throw refuse(`${field} is a ${kinds[field]}`);
  if (bounds.gt !== undefined && bounds.gte !== undefined) throw refuse("gt and gte exclude each other");
  if (bounds.lt !== undefined && bounds.lte !== undefined) throw refuse("lt and lte exclude each other");
  return { field, ...(Object.fromEntries(given) as Omit<RawRange, "field">) };
}
