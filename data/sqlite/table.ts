import type { SQLOutputValue } from "node:sqlite";
import type { Scalar } from "../collection.ts";
import type { FieldKind, RawDeclaration, RawIndex, RawRecord } from "../engine.ts";

/** A field kept in a column of its own beside the document, because an index names it. */
export interface Column {
  readonly field: string;
  /** Quoted. */
  readonly name: string;
  readonly kind: Exclude<FieldKind, "list">;
  readonly type: string;
}

/** A field kept element by element in a table beside, because a multikey index names it. */
export interface ListTable {
  readonly field: string;
  /** Quoted. */
  readonly name: string;
}

/**
 * How a collection lies in SQLite: one row per record with its id, the columns its indexes need, and the whole record
 * as JSON text; list fields with an index also in a table of (value, id) each.
 */
export interface Table {
  readonly collection: string;
  /** Quoted. */
  readonly name: string;
  readonly columns: readonly Column[];
  readonly lists: readonly ListTable[];
  readonly indexes: readonly RawIndex[];
}

const TYPES = { string: "TEXT", number: "REAL", boolean: "INTEGER" } as const;

export function toTable({ name, indexes, kinds }: RawDeclaration): Table {
  const columns: Column[] = [];
  const lists: ListTable[] = [];
  for (const [field, kind] of Object.entries(kinds)) {
    if (kind === "list") lists.push({ field, name: quote(`${name}_${field}`) });
    else columns.push({ field, name: quote(columnName(field)), kind, type: TYPES[kind] });
  }
  return { collection: name, name: quote(name), columns, lists, indexes };
}

/** The column of a field. The prefix keeps it apart from `id`, `doc` and SQL's own words. */
export function columnName(field: string): string {
  return `k_${field}`;
}

export function quote(name: string): string {
  return `"${name}"`;
}

/** A scalar as SQLite keeps it in a column; null for what is missing. */
export function toSqlValue(value: unknown): string | number | null {
  if (typeof value === "boolean") return value ? 1 : 0;
  return typeof value === "string" || typeof value === "number" ? value : null;
}

/** A column's value as the field had it; undefined when it was missing. */
export function fromSqlValue(kind: Column["kind"], value: SQLOutputValue | undefined): Scalar | undefined {
  if (value === null || value === undefined) return undefined;
  return kind === "boolean" ? value === 1 : (value as string | number);
}

/** A scalar as a literal, for the conditions of partial indexes, which cannot have parameters. */
function toLiteral(value: Scalar): string {
  return typeof value === "string" ? `'${value.replaceAll("'", "''")}'` : String(toSqlValue(value));
}

/** The terms that tell which records an index holds. */
export function membershipTerms(index: RawIndex): string[] {
  return [
    ...index.where.map(([field, value]) => `${quote(columnName(field))} = ${toLiteral(value)}`),
    ...(index.sparse && !index.multikey
      ? index.fields.map((field) => `${quote(columnName(field))} IS NOT NULL`)
      : []),
  ];
}

/** Distinct elements of a record's list. */
export function elementsOf(record: RawRecord, { field }: ListTable): (string | number | null)[] {
  const list = record[field];
  return Array.isArray(list) ? [...new Set(list.map(toSqlValue))] : [];
}
