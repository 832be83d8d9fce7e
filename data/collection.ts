import type * as z from "zod";

/**
 * The document-collection port: all that Parley asks of a database, and no more.
 * It is implemented twice, in `sqlite/` and in `mongo/`, and proven by one suite in `contract/`.
 *
 * Rules both engines keep:
 * - Every write touches one document, or can be repeated under a unique key; there are no transactions.
 * - A promise that resolves means the write survives kill -9.
 * - A query names a declared index and gives equality on a prefix of its fields, then at most one range on
 *   the next field. Results come in the order of the index's remaining fields and at last of `id`,
 *   or exactly reversed. A query that no index serves is a programming error and throws.
 */
export type Scalar = string | number | boolean;

export interface StoredRecord {
  readonly id: string;
}

export type Field<R> = keyof R & string;

export interface IndexDeclaration<R> {
  /** Ordered fields. An array-of-scalars field makes the index multikey; it must then stand alone. */
  readonly fields: readonly Field<R>[];
  /** Unique over all its fields. */
  readonly unique?: boolean;
  /** Only records whose fields equal these values are held (and found) by the index. */
  readonly where?: { readonly [F in Field<R>]?: Scalar };
  /** Records that lack an indexed field are left out; without it a missing field is an error on insert. */
  readonly sparse?: boolean;
}

export interface SealDeclaration<R> {
  /** Field that names the user under whose data key the fields are sealed. */
  readonly owner: Field<R>;
  /** Flat top-level fields, encrypted before an engine sees them. */
  readonly fields: readonly Field<R>[];
  /** Sealed text fields found by whole words; the scope tells whose key derives the word hashes. */
  readonly words?: { readonly [F in Field<R>]?: "owner" | "store" };
}

export interface CollectionDeclaration<R extends StoredRecord, I extends string = string> {
  readonly name: string;
  /** Raised by one with every change of shape. */
  readonly version: number;
  /** `migrations[n]` turns a record of version n into one of version n + 1, when it is next read or at start. */
  readonly migrations?: {
    readonly [from: number]: (old: Record<string, unknown>) => Record<string, unknown>;
  };
  readonly record: z.core.$ZodType<R>;
  readonly indexes: { readonly [K in I]: IndexDeclaration<R> };
  readonly sealed?: SealDeclaration<R>;
}

export interface Query<R, I extends string> {
  readonly index: I;
  readonly equals?: { readonly [F in Field<R>]?: Scalar };
  /** On the first index field that `equals` leaves open. */
  readonly range?: {
    readonly gt?: Scalar;
    readonly gte?: Scalar;
    readonly lt?: Scalar;
    readonly lte?: Scalar;
  };
  readonly reverse?: boolean;
}

export interface FindOptions {
  readonly limit: number;
  /** `nextCursor` of the page before; opaque. A malformed one throws InvalidCursorError. */
  readonly after?: string;
  /** False when no further page will be asked for: there is no `nextCursor`, and nothing is read for it. */
  readonly paged?: boolean;
}

export interface Page<T> {
  readonly items: T[];
  readonly nextCursor?: string;
}

/** Operators of one atomic change of one document. Sealed fields may only be `set` or `unset`. */
export interface Change<R> {
  readonly set?: Partial<R>;
  readonly unset?: readonly Field<R>[];
  readonly increment?: { readonly [F in Field<R>]?: number };
  readonly max?: { readonly [F in Field<R>]?: number };
  /** Appends, then keeps the last `cap` elements. */
  readonly push?: {
    readonly [F in Field<R>]?: { readonly values: readonly unknown[]; readonly cap: number };
  };
  readonly addToSet?: { readonly [F in Field<R>]?: Scalar };
}

/** Field values a document must have for a change to apply: equality, or an upper/lower bound. */
export type Condition<R> = {
  readonly [F in Field<R>]?:
    | Scalar
    | { readonly lt?: number; readonly lte?: number; readonly gt?: number; readonly gte?: number };
};

export interface InsertManyResult {
  readonly inserted: number;
  /** Ids of records left out because they, or another unique key of theirs, existed already. */
  readonly duplicates: readonly string[];
}

/** One group of a `sum`; a field that its records lack is missing from the key, and counts as 0 in a sum. */
export interface Sum<R, B extends Field<R>, S extends Field<R>> {
  key: Pick<R, B>;
  count: number;
  sums: { [K in S]: number };
}

export interface Collection<R extends StoredRecord, I extends string> {
  /** @throws DuplicateKeyError when the id or a unique key is taken. */
  insert(record: R): Promise<void>;
  /** Inserts each record that breaks no unique key; each is atomic, the whole is not. */
  insertMany(records: readonly R[]): Promise<InsertManyResult>;
  get(id: string): Promise<R | null>;
  /** Like `get`, but only these fields (and `id`); what is sealed and not asked for is not even opened. */
  getFields<F extends Field<R>>(id: string, fields: readonly F[]): Promise<Pick<R, F | "id"> | null>;
  getMany(ids: readonly string[]): Promise<R[]>;
  /** The record under a full unique key. */
  getBy(index: I, key: { readonly [F in Field<R>]?: Scalar }): Promise<R | null>;
  find(query: Query<R, I>, options: FindOptions): Promise<Page<R>>;
  /** Like `find`, but reads only these fields (and `id`); the record schema is not run. */
  findFields<F extends Field<R>>(
    query: Query<R, I>,
    fields: readonly F[],
    options: FindOptions,
  ): Promise<Page<Pick<R, F | "id">>>;
  /** Every match, in batches; writes in between may or may not be seen. */
  iterate(query: Query<R, I>): AsyncIterable<R>;
  count(query: Query<R, I>): Promise<number>;
  /** The changed record, or null when it is missing or the condition does not hold. */
  patch(id: string, change: Change<R>, condition?: Condition<R>): Promise<R | null>;
  /** Atomically changes the record under a unique key, or inserts `insert` with the change not applied. */
  upsert(index: I, insert: R, change: Change<R>): Promise<R>;
  /** Finds the first match, changes it and returns it, so that no two callers get the same one. */
  claim(query: Query<R, I>, change: Change<R>, condition?: Condition<R>): Promise<R | null>;
  delete(id: string, condition?: Condition<R>): Promise<boolean>;
  /** Deletes every match and returns how many. */
  deleteWhere(query: Query<R, I>): Promise<number>;
  /** Sums of numeric fields, and the count, per distinct values of the `by` fields. */
  sum<B extends Field<R>, S extends Field<R>>(
    query: Query<R, I>,
    by: readonly B[],
    fields: readonly S[],
  ): Promise<Sum<R, B, S>[]>;
  /** Records whose field holds all of these words (case and accents ignored). `ownerId` is needed for scope "owner". */
  searchWords(
    field: Field<R>,
    text: string,
    options: FindOptions & { readonly ownerId?: string },
  ): Promise<Page<R>>;
}

/** A database that opens declared collections; owns connections, files and keys until closed. */
export interface Store {
  collection<R extends StoredRecord, I extends string>(
    declaration: CollectionDeclaration<R, I>,
  ): Promise<Collection<R, I>>;
  /** Makes everything sealed for this user unreadable for good. */
  shredUser(userId: string): Promise<void>;
  /** Rejects when the store cannot be read or written now. */
  check(): Promise<void>;
  close(): Promise<void>;
  readonly engine: "sqlite" | "mongodb";
}
