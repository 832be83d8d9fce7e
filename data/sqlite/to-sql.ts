import type { SQLInputValue } from "node:sqlite";
import type { Scalar } from "../collection.ts";
import type { QueryPlan, RawRange } from "../engine.ts";
import { indexName } from "./prepare-table.ts";
import { columnName, membershipTerms, quote, type Table, toSqlValue } from "./table.ts";

/** The part of a statement that a plan decides: "FROM … WHERE …" with its parameters, and "ORDER BY …". */
export interface PlanSql {
  readonly from: string;
  readonly orderBy: string;
  readonly parameters: readonly SQLInputValue[];
}

/**
 * A limit given as a parameter. SQLite looks into a bare one when it plans, and so plans anew each time it is bound,
 * which takes twice as long as the reading; into a sum it does not look.
 */
export const LIMIT = "?+0";

/** SQL that reads a plan by its index and nothing else: SQLite refuses the statement rather than scan. */
export function toSql(table: Table, plan: QueryPlan): PlanSql {
  const direction = plan.reverse ? " DESC" : "";
  const terms: string[] = membershipTerms(plan.index);
  const parameters: SQLInputValue[] = [];
  const add = (term: string, ...values: readonly Scalar[]) => {
    terms.push(term);
    parameters.push(...values.map(toSqlValue));
  };
  const { range, after } = withoutDoubleStart(plan);
  let source = `${table.name} AS t INDEXED BY ${quote(indexName(table, plan.index))}`;
  if (plan.index.multikey) {
    const [first, ...others] = plan.holds.map((_, i) => `l${i}`);
    const list = quote(`${table.collection}_${plan.index.fields[0]}`);
    source = `${list} AS ${first} CROSS JOIN ${[...others.map((name) => `${list} AS ${name}`), `${table.name} AS t`].join(" CROSS JOIN ")}`;
    plan.holds.forEach((value, i) => add(`l${i}.value = ?`, value));
    terms.push(...[...others, "t"].map((name) => `${name}.id = ${first}.id`));
  }
  for (const [field, value] of plan.equals) add(`${quote(columnName(field))} = ?`, value);
  for (const [bound, operator] of BOUNDS) {
    const value = range?.[bound];
    if (range && value !== undefined) add(`${quote(columnName(range.field))} ${operator} ?`, value);
  }
  // Behind all fields of a unique key the id orders nothing, and such an index does not hold it.
  const fields = plan.index.unique && plan.sort.length > 1 ? plan.sort.slice(0, -1) : plan.sort;
  const sort = fields.map((field) => {
    if (field !== "id") return quote(columnName(field));
    return plan.index.multikey ? "l0.id" : "t.id";
  });
  if (after) {
    const position = after.slice(0, sort.length);
    add(`(${sort.join(", ")}) ${plan.reverse ? "<" : ">"} (${sort.map(() => "?").join(", ")})`, ...position);
  }
  return {
    from: `FROM ${source}${terms.length > 0 ? ` WHERE ${terms.join(" AND ")}` : ""}`,
    orderBy: `ORDER BY ${sort.map((name) => name + direction).join(", ")}`,
    parameters,
  };
}

const BOUNDS = [
  ["gt", ">"],
  ["gte", ">="],
  ["lt", "<"],
  ["lte", "<="],
] as const;

/**
 * A range's near end and the position to continue behind are both where to start; with both, SQLite may begin at the
 * range's end again on every page. Only the farther one is kept.
 */
function withoutDoubleStart({ range, after, reverse }: QueryPlan): {
  range?: RawRange | undefined;
  after?: readonly Scalar[] | undefined;
} {
  const position = after?.[0];
  if (!range || !after || position === undefined) return { range, after };
  const start = reverse ? (range.lt ?? range.lte) : (range.gt ?? range.gte);
  if (start === undefined) return { range, after };
  const ahead = reverse ? compare(start, position) : compare(position, start);
  // On the very end an exclusive bound leaves more out than the position does.
  if (ahead < 0 || (ahead === 0 && (reverse ? range.lt : range.gt) !== undefined)) return { range };
  const { field, gt, gte, lt, lte } = range;
  const far = reverse ? { gt, gte } : { lt, lte };
  return { range: { field, ...far } as RawRange, after };
}

/** The order of a column: strings by their UTF-8 bytes. */
function compare(a: Scalar, b: Scalar): number {
  if (typeof a === "string" && typeof b === "string") return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return Number(a) - Number(b);
}
