import type {
  Change,
  CollectionDeclaration,
  Condition,
  IndexDeclaration,
  InsertManyResult,
  Query,
  Scalar,
  StoredRecord,
} from "../collection.ts";

type Doc = Record<string, unknown> & { id: string };

/** Thrown by the model where an engine must reject with DuplicateKeyError. */
class ModelDuplicate extends Error {
  override readonly name = "DuplicateKeyError";
}

/**
 * The port in a Map: what every engine must agree with, step by step. It is written to be obviously right:
 * each query scans and sorts, nothing is optimised. Sealing, words and cursors are not modelled.
 */
export class Model<R extends StoredRecord, I extends string> {
  readonly #docs = new Map<string, Doc>();
  readonly #indexes: readonly (readonly [I, IndexDeclaration<R>])[];

  constructor(declaration: CollectionDeclaration<R, I>) {
    this.#indexes = Object.entries(declaration.indexes) as [I, IndexDeclaration<R>][];
  }

  insert(record: R): void {
    this.#put(structuredClone(record) as unknown as Doc, undefined);
  }

  insertMany(records: readonly R[]): InsertManyResult {
    const duplicates: string[] = [];
    for (const record of records) {
      try {
        this.insert(record);
      } catch (error) {
        if (!(error instanceof ModelDuplicate)) throw error;
        duplicates.push(record.id);
      }
    }
    return { inserted: records.length - duplicates.length, duplicates };
  }

  get(id: string): R | null {
    return this.#out(this.#docs.get(id));
  }

  getMany(ids: readonly string[]): R[] {
    return [...new Set(ids)].flatMap((id) => this.get(id) ?? []);
  }

  getBy(index: I, key: { readonly [F in keyof R & string]?: Scalar }): R | null {
    return this.find({ index, equals: key })[0] ?? null;
  }

  find(query: Query<R, I>, limit = Number.POSITIVE_INFINITY): R[] {
    return this.#matches(query)
      .slice(0, limit)
      .map((doc) => this.#out(doc)!);
  }

  count(query: Query<R, I>): number {
    return this.#matches(query).length;
  }

  patch(id: string, change: Change<R>, condition?: Condition<R>): R | null {
    const doc = this.#docs.get(id);
    return doc && holds(doc, condition) ? this.#change(doc, change) : null;
  }

  upsert(index: I, insert: R, change: Change<R>): R {
    const key = Object.fromEntries(this.#index(index).fields.map((field) => [field, insert[field]])) as Query<
      R,
      I
    >["equals"] &
      object;
    const found = this.#matches({ index, equals: key })[0];
    if (found) return this.#change(found, change);
    this.insert(insert);
    return this.get(insert.id)!;
  }

  claim(query: Query<R, I>, change: Change<R>, condition?: Condition<R>): R | null {
    const doc = this.#matches(query).find((candidate) => holds(candidate, condition));
    return doc ? this.#change(doc, change) : null;
  }

  delete(id: string, condition?: Condition<R>): boolean {
    const doc = this.#docs.get(id);
    return doc !== undefined && holds(doc, condition) && this.#docs.delete(id);
  }

  deleteWhere(query: Query<R, I>): number {
    const found = this.#matches(query);
    for (const doc of found) this.#docs.delete(doc.id);
    return found.length;
  }

  sum(
    query: Query<R, I>,
    by: readonly string[],
    fields: readonly string[],
  ): { key: object; count: number; sums: object }[] {
    const groups = new Map<string, { key: object; count: number; sums: Record<string, number> }>();
    for (const doc of this.#matches(query)) {
      const key = Object.fromEntries(
        by.filter((field) => doc[field] !== undefined).map((field) => [field, doc[field]]),
      );
      const name = JSON.stringify(key);
      const group = groups.get(name) ?? {
        key,
        count: 0,
        sums: Object.fromEntries(fields.map((f) => [f, 0])),
      };
      groups.set(name, group);
      group.count += 1;
      for (const field of fields) group.sums[field] = group.sums[field]! + ((doc[field] as number) ?? 0);
    }
    return [...groups.values()];
  }

  #index(name: I): IndexDeclaration<R> {
    return this.#indexes.find(([candidate]) => candidate === name)![1];
  }

  #out(doc: Doc | undefined): R | null {
    return doc ? (structuredClone(doc) as unknown as R) : null;
  }

  #change(doc: Doc, change: Change<R>): R {
    const next = applyChange(structuredClone(doc), change);
    this.#put(next, doc.id);
    return this.#out(next)!;
  }

  /** Stores a document unless another one holds its id or one of its unique keys. */
  #put(doc: Doc, replaces: string | undefined): void {
    if (replaces === undefined && this.#docs.has(doc.id)) throw new ModelDuplicate("id");
    for (const [name, index] of this.#indexes) {
      if (!index.unique || !inIndex(doc, index)) continue;
      for (const other of this.#docs.values()) {
        if (other.id === replaces || !inIndex(other, index)) continue;
        if (index.fields.every((field) => other[field] === doc[field])) throw new ModelDuplicate(name);
      }
    }
    this.#docs.set(doc.id, doc);
  }

  #matches(query: Query<R, I>): Doc[] {
    const index = this.#index(query.index);
    const equals = (query.equals ?? {}) as Record<string, Scalar>;
    const open = index.fields.find((field) => !(field in equals));
    const found = [...this.#docs.values()].filter(
      (doc) =>
        inIndex(doc, index) &&
        Object.entries(equals).every(([field, value]) => {
          const actual = doc[field];
          return Array.isArray(actual) ? actual.includes(value) : actual === value;
        }) &&
        (!query.range || within(doc[open!] as Scalar, query.range)),
    );
    const order = [...index.fields.filter((field) => !(field in equals)), "id"];
    found.sort((left, right) => {
      for (const field of order) {
        const difference = compare(left[field] as Scalar, right[field] as Scalar);
        if (difference !== 0) return difference;
      }
      return 0;
    });
    return query.reverse ? found.reverse() : found;
  }
}

/** Text is ordered by code point (as its UTF-8 bytes are), unlike JavaScript's `<`. */
function compare(left: Scalar, right: Scalar): number {
  if (typeof left === "string" && typeof right === "string") {
    return Buffer.compare(Buffer.from(left), Buffer.from(right));
  }
  return Number(left) - Number(right);
}

function inIndex(doc: Doc, index: IndexDeclaration<never>): boolean {
  return (
    Object.entries(index.where ?? {}).every(([field, value]) => doc[field] === value) &&
    index.fields.every((field) => doc[field] !== undefined && doc[field] !== null)
  );
}

type Bounds = { gt?: Scalar; gte?: Scalar; lt?: Scalar; lte?: Scalar };

function within(value: Scalar, bounds: Bounds): boolean {
  return (
    (bounds.gt === undefined || compare(value, bounds.gt) > 0) &&
    (bounds.gte === undefined || compare(value, bounds.gte) >= 0) &&
    (bounds.lt === undefined || compare(value, bounds.lt) < 0) &&
    (bounds.lte === undefined || compare(value, bounds.lte) <= 0)
  );
}

function holds(doc: Doc, condition: object | undefined): boolean {
  return Object.entries(condition ?? {}).every(([field, wanted]: [string, Scalar | Bounds]) => {
    const actual = doc[field];
    if (typeof wanted !== "object") return actual === wanted;
    return typeof actual === "number" && within(actual, wanted);
  });
}

function applyChange(doc: Doc, change: Change<Doc>): Doc {
  const target = doc as Record<string, unknown>;
  Object.assign(target, structuredClone(change.set ?? {}));
  for (const field of change.unset ?? []) delete target[field];
  for (const [field, by] of Object.entries(change.increment ?? {})) {
    target[field] = ((target[field] as number | undefined) ?? 0) + (by as number);
  }
  for (const [field, least] of Object.entries(change.max ?? {})) {
    target[field] = Math.max((target[field] as number | undefined) ?? -Infinity, least as number);
  }
  for (const [field, push] of Object.entries(change.push ?? {})) {
    const { values, cap } = push as { values: readonly unknown[]; cap: number };
    const all = [...((target[field] as unknown[] | undefined) ?? []), ...values];
    target[field] = all.slice(Math.max(0, all.length - cap));
  }
  for (const [field, value] of Object.entries(change.addToSet ?? {})) {
    const old = (target[field] as unknown[] | undefined) ?? [];
    target[field] = old.includes(value) ? old : [...old, value];
  }
  return doc;
}
