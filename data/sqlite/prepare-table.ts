import type { DatabaseSync } from "node:sqlite";
import type { RawIndex } from "../engine.ts";
import { IncompatibleStoreError } from "../errors.ts";
import { columnName, membershipTerms, quote, type Table } from "./table.ts";
import { readBrokenKey } from "./to-store-error.ts";

/** Makes the table, or gives an existing one the columns and list tables now declared, filled from its records. */
export function prepareTable(db: DatabaseSync, table: Table): void {
  const columns = table.columns.map(({ name, type }) => `${name} ${type}, `).join("");
  db.exec(
    `CREATE TABLE IF NOT EXISTS ${table.name} (id TEXT PRIMARY KEY NOT NULL, ${columns}doc TEXT NOT NULL)`,
  );
  prepareColumns(db, table);
  prepareLists(db, table);
}

/**
 * Makes missing indexes and drops those no longer declared, or declared otherwise now.
 * @throws IncompatibleStoreError when records break a new unique key
 */
export function prepareIndexes(db: DatabaseSync, table: Table): void {
  const wanted = new Map(
    table.indexes
      .filter((index) => !index.multikey)
      .map((index) => [indexName(table, index), toIndexSql(table, index)]),
  );
  db.exec("SAVEPOINT indexes");
  try {
    for (const { name, sql } of readSchema(db, "index", table)) {
      if (wanted.get(name) === sql) wanted.delete(name);
      else db.exec(`DROP INDEX ${quote(name)}`);
    }
    for (const sql of wanted.values()) db.exec(sql);
  } catch (cause) {
    const brokenKey = readBrokenKey(cause);
    if (brokenKey === null) throw cause;
    db.exec("ROLLBACK TO indexes");
    throw new IncompatibleStoreError(`records in the store break a new unique key (${brokenKey})`, { cause });
  }
}

/** The name of an index in the database. */
export function indexName(table: Table, index: RawIndex): string {
  return `${table.collection}_${index.name}`;
}

function toIndexSql(table: Table, index: RawIndex): string {
  const columns = index.fields.map((field) => quote(columnName(field)));
  // A unique index is at most one record long per key, so the id adds nothing to its order.
  if (!index.unique) columns.push("id");
  const terms = membershipTerms(index);
  const where = terms.length > 0 ? ` WHERE ${terms.join(" AND ")}` : "";
  const unique = index.unique ? "UNIQUE " : "";
  return `CREATE ${unique}INDEX ${quote(indexName(table, index))} ON ${table.name} (${columns.join(", ")})${where}`;
}

function prepareColumns(db: DatabaseSync, table: Table): void {
  const wanted = new Map(table.columns.map((column) => [columnName(column.field), column]));
  const present = db.prepare(`SELECT name, type FROM pragma_table_info(?)`).all(table.collection);
  for (const { name, type } of present as { name: string; type: string }[]) {
    if (name === "id" || name === "doc") continue;
    if (wanted.get(name)?.type === type) wanted.delete(name);
    else {
      for (const index of readSchema(db, "index", table)) db.exec(`DROP INDEX ${quote(index.name)}`);
      db.exec(`ALTER TABLE ${table.name} DROP COLUMN ${quote(name)}`);
    }
  }
  for (const { field, name, type } of wanted.values()) {
    db.exec(`ALTER TABLE ${table.name} ADD COLUMN ${name} ${type}`);
    db.exec(`UPDATE ${table.name} SET ${name} = json_extract(doc, '$.${field}')`);
  }
}

function prepareLists(db: DatabaseSync, table: Table): void {
  const wanted = new Map(table.lists.map((list) => [list.name, list]));
  for (const { name } of readSchema(db, "table", table)) {
    if (name !== table.collection && !wanted.delete(quote(name))) db.exec(`DROP TABLE ${quote(name)}`);
  }
  for (const { field, name } of wanted.values()) {
    db.exec(
      `CREATE TABLE ${name} (value NOT NULL, id TEXT NOT NULL REFERENCES ${table.name} (id) ON DELETE CASCADE,
       PRIMARY KEY (value, id)) WITHOUT ROWID`,
    );
    db.exec(`CREATE INDEX ${quote(`${table.collection}_${field}_of`)} ON ${name} (id)`);
    db.exec(
      `INSERT OR IGNORE INTO ${name} SELECT each.value, t.id FROM ${table.name} AS t, json_each(t.doc, '$.${field}') AS each`,
    );
  }
}

/** Tables named for the collection (its own and its lists'), or the indexes declared on its own. */
function readSchema(
  db: DatabaseSync,
  type: "table" | "index",
  table: Table,
): { name: string; sql: string }[] {
  const named =
    type === "table" ? "(name = ?1 OR substr(name, 1, length(?1) + 1) = ?1 || '_')" : "tbl_name = ?1";
  const statement = db.prepare(
    `SELECT name, sql FROM sqlite_schema WHERE type = ?2 AND sql IS NOT NULL AND ${named}`,
  );
  return statement.all(table.collection, type) as { name: string; sql: string }[];
}
