import type { DatabaseSync, StatementSync } from "node:sqlite";

/** Prepares each text once; the texts come from plans, so there are few. Rows come as arrays, which is twice as fast. */
export type Prepare = (sql: string) => StatementSync;

export function createStatements(db: DatabaseSync): Prepare {
  const prepared = new Map<string, StatementSync>();
  return (sql) => {
    const existing = prepared.get(sql);
    if (existing) return existing;
    const statement = db.prepare(sql);
    statement.setReturnArrays(true);
    prepared.set(sql, statement);
    return statement;
  };
}
