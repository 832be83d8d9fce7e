import type { InsertManyResult, Scalar, StoredRecord } from "./collection.ts";

/**
 * What a database engine must do for the store. Engines know neither zod nor sealing nor cursors: the port of
 * `collection.ts` is made from an engine by `create-store.ts`, which checks every record, change and query before an
 * engine sees them. So an engine may trust its arguments.
 *
 * Rules for every engine:
 * - Records are JSON objects with a string `id`. Properties that are `undefined`, at any depth, are not stored.
 *   Numbers are finite. Records come back equal, with no fields added.
 * - A promise of a write resolves when the write survives kill -9, also for writes that change nothing.
 * - Strings are ordered by their UTF-8 bytes, numbers by value, false before true. A field has one kind only.
 * - Each operation on one record is atomic and isolated, also between processes where the engine allows several.
 * - An operation that fails leaves no trace and does not harm operations beside it.
 * - Failures of the database itself are thrown as the classes of `errors.ts`, with the driver's error as `cause`.
 */
export interface Engine {
  readonly name: "sqlite" | "mongodb";
  /** Makes the collection when it is missing. Indexes are made by `ensureIndexes`, after migrations have run. */
  collection(declaration: RawDeclaration): Promise<RawCollection>;
  /** Rejects when the database cannot be read or written now; writes something to find out. */
  check(): Promise<void>;
  /** Wipes what deleted records left behind in the engine's own files, where it has any. */
  scrub?(): Promise<void>;
  /** Finishes the writes under way, then lets go of files and connections. Calling it again does nothing. */
  close(): Promise<void>;
}

/** The kind of an indexed field; "list" is an array of scalars. */
export type FieldKind = "string" | "number" | "boolean" | "list";

export interface RawIndex {
  readonly name: string;
  /** Ordered; never `id`, which every index ends with to make the order total. */
  readonly fields: readonly string[];
  readonly unique: boolean;
  /** A record lacking one of the fields is left out of the index (else a record always has them all). */
  readonly sparse: boolean;
  /** One field of kind "list": the record is held under each of its elements. Never unique. */
  readonly multikey: boolean;
  /** Only records with these values are held; a plan on this index finds only such records. */
  readonly where: readonly (readonly [field: string, value: Scalar])[];
}

export interface RawDeclaration {
  readonly name: string;
  readonly indexes: readonly RawIndex[];
  /** Kinds of all fields named by indexes. */
  readonly kinds: { readonly [field: string]: FieldKind };
}

export type RawRecord = StoredRecord & { readonly [field: string]: unknown };

/** A query that one index serves, with nothing left to check. */
export interface QueryPlan {
  readonly index: RawIndex;
  /** Equality on the first fields of the index, in its order. Empty on a multikey index. */
  readonly equals: readonly (readonly [field: string, value: Scalar])[];
  /** On a multikey index: the record's list holds all of these (at least one). Empty otherwise. */
  readonly holds: readonly Scalar[];
  /** Bounds on the field after `equals`; of `gt` and `gte`, and of `lt` and `lte`, at most one is there. */
  readonly range?: RawRange;
  /** The fields that order the result: the index's after `equals` (none of a multikey index), at last "id". */
  readonly sort: readonly string[];
  /** The whole order turned round. */
  readonly reverse: boolean;
  /** Begin strictly behind this position in the result's order: one value per field of `sort`. */
  readonly after?: readonly Scalar[];
}

export interface RawRange {
  readonly field: string;
  readonly gt?: Scalar;
  readonly gte?: Scalar;
  readonly lt?: Scalar;
  readonly lte?: Scalar;
}

/**
 * One atomic change. No field is named by two operators, and `id` by none.
 * On a missing field `increment` and `max` set the number, `push` and `addToSet` begin a list.
 */
export interface RawChange {
  readonly set: { readonly [field: string]: unknown };
  readonly unset: readonly string[];
  readonly increment: { readonly [field: string]: number };
  readonly max: { readonly [field: string]: number };
  /** Appends the values, then keeps the last `cap` elements. */
  readonly push: { readonly [field: string]: { readonly values: readonly unknown[]; readonly cap: number } };
  /** Appends the value unless the list holds it. */
  readonly addToSet: { readonly [field: string]: Scalar };
}

/** All must hold; a missing field fulfils none. Never on a list. */
export type RawCondition = readonly RawTerm[];
export type RawTerm = { readonly field: string } & (
  | { readonly equals: Scalar }
  | { readonly gt?: number; readonly gte?: number; readonly lt?: number; readonly lte?: number }
);

export interface RawSum {
  /** Values of the `by` fields; a field the records lack is left out. */
  readonly key: { readonly [field: string]: unknown };
  readonly count: number;
  /** A missing field counts as 0. */
  readonly sums: { readonly [field: string]: number };
}

export interface RawCollection {
  /** Makes missing indexes (a crash in between is completed by the next call) and drops ones no longer declared. */
  ensureIndexes(): Promise<void>;
  /** @throws DuplicateKeyError naming the unique index, or "id". */
  insert(record: RawRecord): Promise<void>;
  insertMany(records: readonly RawRecord[]): Promise<InsertManyResult>;
  /** `fields` tells that no others will be read; an engine may give them all the same. */
  get(id: string, fields?: readonly string[]): Promise<RawRecord | null>;
  /** In any order; unknown ids are left out. */
  getMany(ids: readonly string[]): Promise<RawRecord[]>;
  /** At most `limit` records in the plan's order. With `fields`: only those and `id`, missing ones left out. */
  find(plan: QueryPlan, limit: number, fields?: readonly string[]): Promise<RawRecord[]>;
  count(plan: QueryPlan): Promise<number>;
  /** The record after the change, or null. @throws DuplicateKeyError */
  patch(id: string, change: RawChange, condition: RawCondition): Promise<RawRecord | null>;
  /**
   * `key` is a plan with equality on all fields of a unique index, and `insert` has those values.
   * The record after the change, or `insert` when there was none.
   * @throws DuplicateKeyError for another unique key than this
   */
  upsert(key: QueryPlan, insert: RawRecord, change: RawChange): Promise<RawRecord>;
  /** Changes the first record of the plan for which the condition holds, and returns it; no two callers get the same state of it. */
  claim(plan: QueryPlan, change: RawChange, condition: RawCondition): Promise<RawRecord | null>;
  delete(id: string, condition: RawCondition): Promise<boolean>;
  /** Each deletion is atomic, the whole is not. `plan.after` is absent. */
  deleteWhere(plan: QueryPlan): Promise<number>;
  sum(plan: QueryPlan, by: readonly string[], fields: readonly string[]): Promise<RawSum[]>;
  /** Every record in the order of ids, for migrations; begins behind `afterId`. */
  scan(afterId: string | null, limit: number): Promise<RawRecord[]>;
  /** Puts a whole record in the place of the one with its id; false when that is gone. @throws DuplicateKeyError */
  replace(record: RawRecord): Promise<boolean>;
}
