import type { SealDeclaration } from "./collection.ts";
import type { DataKeys } from "./data-keys.ts";
import type { QueryPlan, RawChange, RawCollection, RawDeclaration, RawRecord } from "./engine.ts";
import { DuplicateKeyError, StoreUnavailableError } from "./errors.ts";
import { deriveWordsKey, type MasterKey } from "./master-key.ts";
import { isEnvelope, openText, type SealKey, sealText } from "./seal.ts";
import { hashWords } from "./words.ts";

/** Marks a record whose owner was shredded: its sealed fields are missing for good. */
export const SHREDDED = Symbol("shredded");

/** A collection's `SealDeclaration`, without the record's type. */
export interface Seals {
  readonly owner: string;
  readonly fields: readonly string[];
  readonly words: ReadonlyMap<string, "owner" | "store">;
}

export interface Keys {
  readonly data: DataKeys;
  readonly master: MasterKey;
}

const ATTEMPTS = 10;

export function toSeals<R>({ owner, fields, words }: SealDeclaration<R>): Seals {
  return { owner, fields, words: new Map(Object.entries(words ?? {}) as [string, "owner" | "store"][]) };
}

/** The declaration an engine sees: with a multikey index over the word hashes of each field that has them. */
export function withWordIndexes(raw: RawDeclaration, seals: Seals | undefined): RawDeclaration {
  const fields = [...(seals?.words.keys() ?? [])].map(wordsField);
  return {
    name: raw.name,
    indexes: [
      ...raw.indexes,
      ...fields.map((name) => {
        return { name, fields: [name], unique: false, sparse: true, multikey: true, where: [] };
      }),
    ],
    kinds: { ...raw.kinds, ...Object.fromEntries(fields.map((name) => [name, "list" as const])) },
  };
}

/** The list of word hashes kept beside a sealed text. No declared field has an underscore. */
export function wordsField(field: string): string {
  return `words_${field}`;
}

/** Word hashes to look for: of `text` in this field, under its owner's key or the store's; null without a key. */
export async function hashQuery(
  name: string,
  seals: Seals,
  keys: Keys,
  field: string,
  text: string,
  ownerId: string | undefined,
): Promise<string[] | null> {
  if (seals.words.get(field) === "store") return hashWords(keys.master.wordsKey(name, field), text);
  const key = (await keys.data.find([ownerId ?? ""])).get(ownerId ?? "");
  return key ? hashWords(deriveWordsKey(key.key, name, field), text) : null;
}

/**
 * The same collection with its sealed fields in clear: sealed under the owner's data key (made at the first write)
 * before the engine sees them, opened behind it, word hashes rewritten with every change of their text.
 * `scan` takes what is no envelope as it is, so that a migration may seal a field that was not.
 * Records of a shredded owner come back without their sealed fields and marked `SHREDDED`.
 */
export function withSealing(raw: RawCollection, name: string, seals: Seals, keys: Keys): RawCollection {
  const sealFields = (id: string, key: SealKey, fields: Iterable<[string, unknown]>) => {
    const sealed: Record<string, unknown> = {};
    for (const [field, value] of fields) {
      if (!seals.fields.includes(field) || value === undefined) sealed[field] = value;
      else {
        sealed[field] = sealText(key, { collection: name, id, field }, JSON.stringify(value));
        const scope = seals.words.get(field);
        if (!scope || typeof value !== "string") continue;
        const wordsKey =
          scope === "store" ? keys.master.wordsKey(name, field) : deriveWordsKey(key.key, name, field);
        sealed[wordsField(field)] = hashWords(wordsKey, value);
      }
    }
    return sealed;
  };
  const seal = async (record: RawRecord): Promise<RawRecord> => {
    const key = await keys.data.obtain(String(record[seals.owner]));
    return { ...sealFields(record.id, key, Object.entries(record)), id: record.id };
  };
  const sealChange = async (change: RawChange, id: string, ownerId: string): Promise<RawChange> => {
    const key = await keys.data.obtain(ownerId);
    return {
      ...change,
      set: sealFields(id, key, Object.entries(change.set)),
      unset: withWords(change.unset),
    };
  };
  const withWords = (unset: readonly string[]) => [
    ...unset,
    ...unset.filter((field) => seals.words.has(field)).map(wordsField),
  ];
  const touchesSeals = (change: RawChange) => {
    return [...Object.keys(change.set), ...change.unset].some((field) => seals.fields.includes(field));
  };
  const open = async (
    records: readonly RawRecord[],
    isSealed: (value: unknown) => boolean = () => true,
  ): Promise<RawRecord[]> => {
    const found = await keys.data.find(records.map((record) => String(record[seals.owner])));
    return records.map((record) => {
      return openRecord(name, seals, found.get(String(record[seals.owner])), record, isSealed);
    });
  };
  const openOne = async (record: RawRecord | null) => (record ? ((await open([record]))[0] ?? null) : null);

  return {
    ...raw,
    insert: async (record) => await raw.insert(await seal(record)),
    insertMany: async (records) => await raw.insertMany(await Promise.all(records.map(seal))),
    replace: async (record) => await raw.replace(await seal(record)),
    async get(id, fields) {
      const record = await raw.get(id, fields);
      return fields && !fields.some((field) => seals.fields.includes(field)) ? record : await openOne(record);
    },
    getMany: async (ids) => await open(await raw.getMany(ids)),
    scan: async (afterId, limit) => await open(await raw.scan(afterId, limit), isEnvelope),
    async find(plan, limit, fields) {
      if (!fields) return await open(await raw.find(plan, limit));
      if (!fields.some((field) => seals.fields.includes(field))) return await raw.find(plan, limit, fields);
      return await open(await raw.find(plan, limit, [...new Set([...fields, seals.owner])]));
    },
    async patch(id, change, condition) {
      if (!touchesSeals(change)) return await openOne(await raw.patch(id, change, condition));
      const existing = await raw.get(id);
      if (!existing) return null;
      // The owner of a record never changes, so reading it before is safe.
      const sealed = await sealChange(change, id, String(existing[seals.owner]));
      return await openOne(await raw.patch(id, sealed, condition));
    },
    async upsert(key, insert, change) {
      const inserted = await seal(insert);
      if (!touchesSeals(change)) return required(await openOne(await raw.upsert(key, inserted, change)));
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        const [existing] = await raw.find(key, 1);
        const done = existing
          ? await raw.patch(
              existing.id,
              await sealChange(change, existing.id, String(existing[seals.owner])),
              key.equals.map(([field, equals]) => ({ field, equals })),
            )
          : await insertUnlessThere(raw, key, inserted);
        if (done) return required(await openOne(done));
      }
      throw new StoreUnavailableError(`a record of ${name} changed too often`, { retryable: true });
    },
    claim: async (plan, change, condition) => await openOne(await raw.claim(plan, change, condition)),
  };
}

async function insertUnlessThere(
  raw: RawCollection,
  key: QueryPlan,
  record: RawRecord,
): Promise<RawRecord | null> {
  try {
    await raw.insert(record);
    return record;
  } catch (error) {
    if (!(error instanceof DuplicateKeyError)) throw error;
    // Of two taken keys an engine names one; the id and the key may be those of the same record.
    if (error.index === key.index.name || (await raw.find(key, 1)).length > 0) return null;
    throw error;
  }
}

function openRecord(
  name: string,
  seals: Seals,
  key: SealKey | undefined,
  record: RawRecord,
  isSealed: (value: unknown) => boolean,
): RawRecord {
  const opened: Record<string, unknown> & { [SHREDDED]?: true } = { ...record };
  for (const field of seals.words.keys()) delete opened[wordsField(field)];
  for (const field of seals.fields) {
    if (opened[field] === undefined || !isSealed(opened[field])) continue;
    const text = key ? openText(key, { collection: name, id: record.id, field }, opened[field]) : null;
    if (text === null) {
      delete opened[field];
      opened[SHREDDED] = true;
    } else opened[field] = JSON.parse(text);
  }
  return opened as RawRecord;
}

function required(record: RawRecord | null): RawRecord {
  if (!record) throw new StoreUnavailableError("a record vanished while it was written", { retryable: true });
  return record;
}
