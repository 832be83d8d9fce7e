import type { Model, mongo, PipelineStage } from "mongoose";
import type { InsertManyResult } from "../collection.ts";
import type { QueryPlan, RawCollection, RawDeclaration, RawRecord, RawSum } from "../engine.ts";
import { DuplicateKeyError, StoreUnavailableError } from "../errors.ts";
import type { Document } from "./create-model.ts";
import { ensureIndexes } from "./ensure-indexes.ts";
import { INDEX_PREFIX } from "./to-index.ts";
import { type Filter, toFilter, toIdFilter, toPath, toSort } from "./to-filter.ts";
import { type Update, toUpdate } from "./to-update.ts";

/** Runs one operation of the driver, with its failures turned into the store's errors. */
export type Run = <T>(collection: string, operation: () => Promise<T>) => Promise<T>;

const DUPLICATE_KEY = 11_000;
const UPSERT_ATTEMPTS = 20;

/** The raw collection on one Mongoose model; each write is one command on one document. */
export function openMongoCollection(
  model: Model<Document>,
  declaration: RawDeclaration,
  runAny: Run,
): RawCollection {
  const run = <T>(operation: () => Promise<T>) => runAny(declaration.name, operation);
  const hint = (plan: QueryPlan) => INDEX_PREFIX + plan.index.name;

  const documents = model.collection as unknown as mongo.Collection<Document>;

  // Changes go to the driver as they are: Mongoose would walk into every nested value to cast it, which takes a
  // minute for one nested 800 deep, and they are checked already.
  const changeOne = async (filter: Filter, update: Update, plan?: QueryPlan): Promise<RawRecord | null> => {
    // By its name, as everywhere: two indexes may have the same fields. (The driver's type asks for the fields.)
    const order = plan ? { sort: toSort(plan), hint: hint(plan) as unknown as Document } : {};
    const options: mongo.FindOneAndUpdateOptions = { returnDocument: "after", ...order };
    return toRecordOrNull(await run(() => documents.findOneAndUpdate(filter, update, options)));
  };

  const insert = async (record: RawRecord): Promise<void> => {
    await run(() => model.insertMany([toDocument(record)], { lean: true, ordered: true }));
  };

  return {
    ensureIndexes: () => run(() => ensureIndexes(model, declaration)),

    insert,

    async insertMany(records): Promise<InsertManyResult> {
      if (records.length === 0) return { inserted: 0, duplicates: [] };
      return await run(async () => {
        try {
          await model.insertMany(records.map(toDocument), { lean: true, ordered: false });
          return { inserted: records.length, duplicates: [] };
        } catch (error) {
          const refused = readDuplicates(error);
          if (refused === null) throw error;
          const duplicates = refused.map((position) => (records[position] as RawRecord).id);
          return { inserted: records.length - duplicates.length, duplicates };
        }
      });
    },

    get: (id) => run(async () => toRecordOrNull(await model.findOne(toIdFilter(id)).lean().exec())),

    getMany: (ids) =>
      run(async () =>
        (
          await model
            .find({ _id: { $in: [...new Set(ids)] } })
            .lean()
            .exec()
        ).map(toRecord),
      ),

    find: (plan, limit, fields) =>
      run(async () => {
        const query = model.find(toFilter(plan)).sort(toSort(plan)).hint(hint(plan)).limit(limit);
        if (fields) query.select(Object.fromEntries([...fields, "id"].map((field) => [toPath(field), 1])));
        return (await query.lean().exec()).map(toRecord);
      }),

    count: (plan) => run(() => model.countDocuments(toFilter(plan)).hint(hint(plan)).exec()),

    patch: (id, change, condition) => changeOne(toIdFilter(id, condition), toUpdate(change)),

    async upsert(key, record, change) {
      const update = toUpdate(change);
      for (let attempt = 0; attempt < UPSERT_ATTEMPTS; attempt++) {
        const changed = await changeOne(toFilter(key), update, key);
        if (changed) return changed;
        try {
          await insert(record);
          return record;
        } catch (error) {
          if (!(error instanceof DuplicateKeyError)) throw error;
          if (error.index === key.index.name) continue;
          // MongoDB names one index of several; whoever has our key may be the same record.
          const winner = await changeOne(toFilter(key), update, key);
          if (winner) return winner;
          throw error;
        }
      }
      throw new StoreUnavailableError(`a record of ${declaration.name} came and went too often`, {
        retryable: true,
      });
    },

    claim: (plan, change, condition) => changeOne(toFilter(plan, condition), toUpdate(change), plan),

    delete: (id, condition) =>
      run(async () => (await model.deleteOne(toIdFilter(id, condition)).exec()).deletedCount === 1),

    deleteWhere: (plan) =>
      run(async () => (await model.deleteMany(toFilter(plan), { hint: hint(plan) }).exec()).deletedCount),

    sum: (plan, by, fields) =>
      run(async () => {
        const stages = toSumStages(plan, by, fields);
        const groups = await model.aggregate<SumDocument>(stages, { hint: hint(plan) }).exec();
        return groups.map((group) => toSum(group, fields));
      }),

    scan: (afterId, limit) =>
      run(async () => {
        const filter = afterId === null ? {} : { _id: { $gt: afterId } };
        return (await model.find(filter).sort({ _id: 1 }).limit(limit).lean().exec()).map(toRecord);
      }),

    replace: (record) =>
      run(async () => {
        const { _id, ...fields } = toDocument(record);
        return (await documents.replaceOne(toIdFilter(_id), fields)).matchedCount === 1;
      }),
  };
}

function toDocument({ id, ...fields }: RawRecord): Document {
  return { _id: id, ...fields };
}

function toRecord({ _id, ...fields }: Document): RawRecord {
  return { id: _id, ...fields };
}

function toRecordOrNull(document: Document | null): RawRecord | null {
  return document ? toRecord(document) : null;
}

interface BulkFailure {
  readonly writeErrors?: readonly { readonly index: number; readonly code: number }[];
  readonly result?: { getWriteConcernError?(): unknown };
}

/** The positions of the records that were refused as duplicates, in order; null for any other failure. */
function readDuplicates(error: unknown): number[] | null {
  const { writeErrors = [], result } = error as BulkFailure;
  if (writeErrors.length === 0 || writeErrors.some(({ code }) => code !== DUPLICATE_KEY)) return null;
  if (result?.getWriteConcernError?.()) return null;
  return writeErrors.map(({ index }) => index).sort((a, b) => a - b);
}

type SumDocument = { _id: Record<string, unknown> | null; count: number } & Record<string, unknown>;

/** The sums are numbered, so that no field's name clashes with the group's own. */
function toSumStages(plan: QueryPlan, by: readonly string[], fields: readonly string[]): PipelineStage[] {
  const key = Object.fromEntries(by.map((field) => [field, `$${toPath(field)}`]));
  const sums = fields.map((field, n) => [`sum${n}`, { $sum: `$${toPath(field)}` }]);
  return [
    { $match: toFilter(plan) },
    { $group: { _id: by.length > 0 ? key : null, count: { $sum: 1 }, ...Object.fromEntries(sums) } },
  ] as PipelineStage[];
}

function toSum({ _id, count, ...sums }: SumDocument, fields: readonly string[]): RawSum {
  // Beyond 2^53 the driver gives its own Long instead of a number.
  const numbers = fields.map((field, n) => [field, Number(String(sums[`sum${n}`]))]);
  return { key: _id ?? {}, count, sums: Object.fromEntries(numbers) as RawSum["sums"] };
}
