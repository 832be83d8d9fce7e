import * as z from "zod";
import {
  type ChangeRules,
  type PlainChange,
  type PlainCondition,
  toRawChange,
  toRawCondition,
} from "./change.ts";
import type {
  Collection,
  CollectionDeclaration,
  Field,
  FindOptions,
  Page,
  StoredRecord,
  Sum,
} from "./collection.ts";
import type { QueryPlan, RawCollection, RawDeclaration, RawRecord, RawSum } from "./engine.ts";
import { InvalidRecordError, StoreCorruptError, UnservedQueryError } from "./errors.ts";
import { cursorAfter, type PlainQuery, planHolding, planQuery, positionOf } from "./query-plan.ts";
import { versionField } from "./migrate.ts";
import { pickFields } from "./pick-fields.ts";
import { hashQuery, type Keys, type Seals, SHREDDED, wordsField } from "./with-sealing.ts";

/** What the port over one collection is made of; `raw` gives and takes sealed fields in clear. */
export interface CollectionParts<R extends StoredRecord> {
  readonly declaration: CollectionDeclaration<R>;
  readonly rawDeclaration: RawDeclaration;
  readonly raw: RawCollection;
  readonly rules: ChangeRules;
  readonly seals: Seals | undefined;
  readonly keys: Keys;
}

const MOST_AT_ONCE = 10_000;
const ITERATED_AT_ONCE = 200;
const MOST_WORDS = 16;

/** The port over a raw collection: records and changes checked by the schema, queries planned, pages and cursors. */
export function toCollection<R extends StoredRecord, I extends string>({
  declaration,
  rawDeclaration,
  raw,
  rules,
  seals,
  keys,
}: CollectionParts<R>): Collection<R, I> {
  const { name } = declaration;
  const toRaw = (record: R): RawRecord => {
    const parsed = z.safeParse(declaration.record, record);
    if (!parsed.success) throw new InvalidRecordError(name, pathsOf(parsed.error), "does not fit its schema");
    return { ...(parsed.data as unknown as RawRecord), ...versionField(declaration.version) };
  };
  const fromRaw = (record: RawRecord): R => {
    const parsed = z.safeParse(declaration.record, record);
    if (parsed.success) return parsed.data;
    throw new StoreCorruptError(
      `a record of ${name} does not fit its schema (${pathsOf(parsed.error).join(", ")})`,
    );
  };
  const fromRawOrNull = (record: RawRecord | null) =>
    record && !isShredded(record) ? fromRaw(record) : null;
  const fromRaws = (records: readonly RawRecord[]) => {
    return records.filter((record) => !isShredded(record)).map(fromRaw);
  };
  const plan = (query: PlainQuery, after?: string) => planQuery(rawDeclaration, query, after);
  const planUnique = (index: string, key: { readonly [field: string]: unknown }) => {
    const found = plan({ index, equals: key as NonNullable<PlainQuery["equals"]> });
    if (found.index.unique && found.equals.length === found.index.fields.length) return found;
    throw new UnservedQueryError(name, index, "one record needs all fields of a unique index");
  };
  const readPage = async (
    wanted: QueryPlan,
    { limit, paged = true }: FindOptions,
    fields?: readonly string[],
  ): Promise<{ records: RawRecord[]; nextCursor?: string }> => {
    if (!Number.isInteger(limit) || limit < 1 || limit > MOST_AT_ONCE) {
      throw new RangeError(`a page has 1 to ${MOST_AT_ONCE} records`);
    }
    if (!paged) return { records: await raw.find(wanted, limit, fields) };
    const found = await raw.find(wanted, limit + 1, fields && [...new Set([...fields, ...wanted.sort])]);
    const last = found.length > limit ? found[limit - 1] : undefined;
    return { records: found.slice(0, limit), ...(last && { nextCursor: cursorAfter(wanted, last) }) };
  };
  const toPage = ({ records, ...rest }: { records: RawRecord[]; nextCursor?: string }): Page<R> => {
    return { items: fromRaws(records), ...rest };
  };
  const change = (given: PlainChange) => toRawChange(rules, given);
  const condition = (given?: PlainCondition) => toRawCondition(rules, given);

  return {
    insert: async (record) => await raw.insert(toRaw(record)),
    insertMany: async (records) => await raw.insertMany(records.map(toRaw)),
    get: async (id) => fromRawOrNull(await raw.get(id)),
    async getFields(id, fields) {
      const record = await raw.get(id, fields);
      return record && !isShredded(record)
        ? (pickFields(record, fields) as Pick<R, (typeof fields)[number] | "id">)
        : null;
    },
    async getMany(ids) {
      const found = new Map((await raw.getMany([...new Set(ids)])).map((record) => [record.id, record]));
      return fromRaws(ids.map((id) => found.get(id)).filter((record) => record !== undefined));
    },
    async getBy(index, key) {
      const [record] = await raw.find(planUnique(index, key), 1);
      return fromRawOrNull(record ?? null);
    },
    find: async (query, options) => toPage(await readPage(plan(query, options.after), options)),
    async findFields(query, fields, options) {
      const { records, ...rest } = await readPage(plan(query, options.after), options, fields);
      const items = records
        .filter((record) => !isShredded(record))
        .map((record) => pickFields(record, fields));
      return { items: items as unknown as Pick<R, (typeof fields)[number] | "id">[], ...rest };
    },
    async *iterate(query) {
      let wanted = plan(query);
      for (;;) {
        const records = await raw.find(wanted, ITERATED_AT_ONCE);
        yield* fromRaws(records);
        const last = records[ITERATED_AT_ONCE - 1];
        if (!last) return;
        wanted = { ...wanted, after: positionOf(wanted, last) };
      }
    },
    count: async (query) => await raw.count(plan(query)),
    patch: async (id, given, when) => fromRawOrNull(await raw.patch(id, change(given), condition(when))),
    async upsert(index, insert, given) {
      const record = toRaw(insert);
      const key = planUnique(index, keyOf(rawDeclaration, index, record));
      return fromRaw(await raw.upsert(key, record, change(given)));
    },
    async claim(query, given, when) {
      const sealed = [...Object.keys(given.set ?? {}), ...(given.unset ?? [])].filter((field) => {
        return rules.sealed.includes(field);
      });
      if (sealed.length > 0)
        throw new InvalidRecordError(name, sealed, "a claim cannot change sealed fields");
      return fromRawOrNull(await raw.claim(plan(query), change(given), condition(when)));
    },
    delete: async (id, when) => await raw.delete(id, condition(when)),
    deleteWhere: async (query) => await raw.deleteWhere(plan(query)),
    async sum<B extends Field<R>, S extends Field<R>>(
      query: PlainQuery,
      by: readonly B[],
      fields: readonly S[],
    ) {
      const wrong = [
        ...by.filter((field) => !rules.shape.get(field)?.kind || rules.sealed.includes(field)),
        ...fields.filter(
          (field) => rules.shape.get(field)?.kind !== "number" || rules.sealed.includes(field),
        ),
      ];
      if (wrong.length > 0) throw new InvalidRecordError(name, wrong, "cannot be grouped by or summed");
      return byKey(await raw.sum(plan(query), by, fields), by) as unknown as Sum<R, B, S>[];
    },
    async searchWords(field, text, { ownerId, ...options }: FindOptions & { ownerId?: string }) {
      const index = rawDeclaration.indexes.find((each) => each.name === wordsField(field));
      const scope = seals?.words.get(field);
      if (!index || !seals) throw new UnservedQueryError(name, field, "the field has no words index");
      if (scope === "owner" && ownerId === undefined) {
        throw new UnservedQueryError(name, field, "its words are searched for one owner at a time");
      }
      const hashes = await hashQuery(name, seals, keys, field, text, ownerId);
      if (!hashes || hashes.length === 0) return { items: [] };
      const wanted = planHolding(rawDeclaration, index, hashes.slice(0, MOST_WORDS), options.after);
      return toPage(await readPage(wanted, options));
    },
  };
}

function isShredded(record: RawRecord): boolean {
  return SHREDDED in record;
}

function pathsOf(error: z.core.$ZodError): string[] {
  return error.issues.map((issue) => issue.path.join("."));
}

function keyOf({ indexes }: RawDeclaration, index: string, record: RawRecord): Record<string, unknown> {
  const fields = indexes.find((each) => each.name === index)?.fields ?? [];
  return Object.fromEntries(fields.map((field) => [field, record[field]]));
}

/** Groups in the order of their keys, so that every engine answers alike. */
function byKey(groups: readonly RawSum[], by: readonly string[]): RawSum[] {
  const keyed = groups.map((group) => ({ group, key: JSON.stringify(by.map((field) => group.key[field])) }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ group }) => group);
}
