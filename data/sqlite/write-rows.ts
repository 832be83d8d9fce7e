import type { SQLInputValue } from "node:sqlite";
import type { QueryPlan, RawRecord } from "../engine.ts";
import { DuplicateKeyError } from "../errors.ts";
import type { Prepare } from "./statements.ts";
import { elementsOf, type Table, toSqlValue } from "./table.ts";
import { readBrokenKey } from "./to-store-error.ts";
import { LIMIT, toSql } from "./to-sql.ts";

/** The writes of one table, run inside a transaction. Each changes nothing when it throws a DuplicateKeyError. */
export interface RowWriter {
  insert(record: RawRecord): void;
  /** Puts `after` in the place of `before`, touching only the columns that differ. */
  update(before: RawRecord, after: RawRecord): RawRecord;
  delete(id: string): void;
  /** Deletes at most `limit` matches and returns how many. */
  deleteSome(plan: QueryPlan, limit: number): number;
}

export function createRowWriter(prepare: Prepare, table: Table): RowWriter {
  const columns = table.columns.map((column) => `${column.name}, `).join("");
  const places = table.columns.map(() => "?, ").join("");
  const insertSql = `INSERT INTO ${table.name} (id, ${columns}doc) VALUES (?, ${places}?)`;
  const keys = new Map([
    [`${table.collection}.id`, "id"],
    ...table.indexes
      .filter((index) => index.unique)
      .map(({ name, fields }): [string, string] => {
        return [fields.map((field) => `${table.collection}.k_${field}`).join(", "), name];
      }),
  ]);
  const run = (sql: string, parameters: readonly SQLInputValue[]) => {
    try {
      return Number(prepare(sql).run(...parameters).changes);
    } catch (cause) {
      const key = readBrokenKey(cause);
      if (key === null) throw cause;
      throw new DuplicateKeyError(table.collection, keys.get(key) ?? key, { cause });
    }
  };
  const insertElements = (record: RawRecord) => {
    for (const list of table.lists) {
      for (const value of elementsOf(record, list)) {
        run(`INSERT INTO ${list.name} (value, id) VALUES (?, ?)`, [value, record.id]);
      }
    }
  };

  return {
    insert(record) {
      const values = table.columns.map(({ field }) => toSqlValue(record[field]));
      run(insertSql, [record.id, ...values, JSON.stringify(record)]);
      insertElements(record);
    },
    update(before, after) {
      const changed = table.columns.filter(({ field }) => before[field] !== after[field]);
      const doc = JSON.stringify(after);
      const assignments = ["doc = ?", ...changed.map(({ name }) => `${name} = ?`)].join(", ");
      const values = changed.map(({ field }) => toSqlValue(after[field]));
      run(`UPDATE ${table.name} SET ${assignments} WHERE id = ?`, [doc, ...values, after.id]);
      for (const list of table.lists) {
        if (sameElements(elementsOf(before, list), elementsOf(after, list))) continue;
        run(`DELETE FROM ${list.name} WHERE id = ?`, [after.id]);
        for (const value of elementsOf(after, list)) {
          run(`INSERT INTO ${list.name} (value, id) VALUES (?, ?)`, [value, after.id]);
        }
      }
      return JSON.parse(doc) as RawRecord;
    },
    delete(id) {
      run(`DELETE FROM ${table.name} WHERE id = ?`, [id]);
    },
    deleteSome(plan, limit) {
      const { from, parameters } = toSql(table, plan);
      const matches = `SELECT t.id ${from} LIMIT ${LIMIT}`;
      return run(`DELETE FROM ${table.name} WHERE id IN (${matches})`, [...parameters, limit]);
    },
  };
}

function sameElements(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((element, i) => element === b[i]);
}
