import type { SQLInputValue } from "node:sqlite";
import type { QueryPlan, RawRecord, RawSum } from "../engine.ts";
import { pickFields } from "../pick-fields.ts";
import type { Prepare } from "./statements.ts";
import { type Column, fromSqlValue, type Table } from "./table.ts";
import { LIMIT, toSql } from "./to-sql.ts";

/** Its columns in the order they were selected. */
type Row = readonly (string | number | null)[];

/** The reads of one table. */
export interface RowReader {
  get(id: string): RawRecord | null;
  getMany(ids: readonly string[]): RawRecord[];
  find(plan: QueryPlan, limit: number, fields?: readonly string[]): RawRecord[];
  /** Lazily, in the plan's order. The table must not be written before the walk has ended. */
  walk(plan: QueryPlan): Iterable<RawRecord>;
  count(plan: QueryPlan): number;
  sum(plan: QueryPlan, by: readonly string[], fields: readonly string[]): RawSum[];
  scan(afterId: string | null, limit: number): RawRecord[];
}

/** Up to so many records are read faster by as many statements than by one that takes a list. */
const READ_ONE_BY_ONE = 4;

export function createRowReader(prepare: Prepare, table: Table): RowReader {
  const columns = new Map(table.columns.map((column) => [column.field, column]));
  const getSql = `SELECT doc FROM ${table.name} WHERE id = ?`;
  const get = (id: string): RawRecord | null => {
    const row = prepare(getSql).get(id) as unknown as Row | undefined;
    return row ? toRecord(row) : null;
  };
  const all = (sql: string, ...parameters: readonly SQLInputValue[]) => {
    return prepare(sql).all(...parameters) as unknown as Row[];
  };
  const findFields = (plan: QueryPlan, limit: number, fields: readonly string[]): RawRecord[] => {
    const { from, orderBy, parameters } = toSql(table, plan);
    const wanted = fields.filter((field) => field !== "id");
    const found = wanted.flatMap((field) => columns.get(field) ?? []);
    const isIndexed = found.length === wanted.length;
    const select = isIndexed ? ["t.id", ...found.map(({ name }) => name)].join(", ") : "doc";
    const rows = all(`SELECT ${select} ${from} ${orderBy} LIMIT ${LIMIT}`, ...parameters, limit);
    return rows.map((row) => (isIndexed ? fromColumns(row, found) : pickFields(toRecord(row), wanted)));
  };

  return {
    get,
    getMany(ids) {
      if (ids.length <= READ_ONE_BY_ONE) return ids.map(get).filter((record) => record !== null);
      const sql = `SELECT doc FROM ${table.name} WHERE id IN (SELECT value FROM json_each(?))`;
      return all(sql, JSON.stringify(ids)).map(toRecord);
    },
    find(plan, limit, fields) {
      if (fields) return findFields(plan, limit, fields);
      const { from, orderBy, parameters } = toSql(table, plan);
      return all(`SELECT doc ${from} ${orderBy} LIMIT ${LIMIT}`, ...parameters, limit).map(toRecord);
    },
    *walk(plan) {
      const { from, orderBy, parameters } = toSql(table, plan);
      for (const row of prepare(`SELECT doc ${from} ${orderBy}`).iterate(...parameters))
        yield toRecord(row as unknown as Row);
    },
    count(plan) {
      const { from, parameters } = toSql(table, plan);
      return Number(all(`SELECT count(*) ${from}`, ...parameters)[0]?.[0]);
    },
    sum(plan, by, fields) {
      const { from, parameters } = toSql(table, plan);
      const keys = by.map((field) => `doc -> '$.${field}'`);
      const sums = fields.map((field) => `total(doc ->> '$.${field}')`);
      const sql = `SELECT ${["count(*)", ...keys, ...sums].join(", ")} ${from} GROUP BY ${keys.join(", ") || "NULL"}`;
      return all(sql, ...parameters).map((row) => toSum(row, by, fields));
    },
    scan(afterId, limit) {
      const sql = `SELECT doc FROM ${table.name} WHERE id > ? ORDER BY id LIMIT ${LIMIT}`;
      return all(sql, afterId ?? "", limit).map(toRecord);
    },
  };
}

function fromColumns(row: Row, columns: readonly Column[]): RawRecord {
  const record: Record<string, unknown> & { id: string } = { id: String(row[0]) };
  for (let i = 0; i < columns.length; i++) {
    const { field, kind } = columns[i] as Column;
    const value = fromSqlValue(kind, row[i + 1]);
    if (value !== undefined) record[field] = value;
  }
  return record;
}

function toRecord([doc]: Row): RawRecord {
  return JSON.parse(String(doc)) as RawRecord;
}

function toSum([count, ...row]: Row, by: readonly string[], fields: readonly string[]): RawSum {
  const key: Record<string, unknown> = {};
  for (const [i, field] of by.entries()) {
    const text = row[i];
    if (typeof text === "string") key[field] = JSON.parse(text);
  }
  const sums = Object.fromEntries(fields.map((field, i) => [field, Number(row[by.length + i])]));
  return { key, count: Number(count), sums };
}
