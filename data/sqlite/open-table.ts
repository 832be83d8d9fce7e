import type { DatabaseSync } from "node:sqlite";
import type { RawCollection, RawDeclaration, RawRecord } from "../engine.ts";
import { DuplicateKeyError } from "../errors.ts";
import { applyChange, meets } from "./apply-change.ts";
import type { GroupCommit } from "./group-commit.ts";
import { prepareIndexes, prepareTable } from "./prepare-table.ts";
import { createRowReader } from "./read-rows.ts";
import type { Prepare } from "./statements.ts";
import { toTable } from "./table.ts";
import { toStoreError } from "./to-store-error.ts";
import { createRowWriter } from "./write-rows.ts";

/** What the collections of one database share. */
export interface Connection {
  readonly db: DatabaseSync;
  readonly prepare: Prepare;
  readonly group: GroupCommit;
}

/** Records written or deleted in one go; more are done piece by piece, so that others come between. */
const PIECE = 64;

/**
 * A collection on one table. Reads run at once and see what is committed; a write reads, decides and changes within
 * one turn of the event loop, which makes it atomic, since this process alone has the file.
 */
export async function openTable(
  { db, prepare, group }: Connection,
  declaration: RawDeclaration,
): Promise<RawCollection> {
  const table = toTable(declaration);
  await group.write(() => prepareTable(db, table));
  const rows = createRowReader(prepare, table);
  const writer = createRowWriter(prepare, table);
  const read = async <T>(run: () => T): Promise<T> => {
    try {
      return run();
    } catch (error) {
      throw toStoreError(error);
    }
  };
  const insertPiece = (records: readonly RawRecord[]) => {
    const duplicates: string[] = [];
    for (const record of records) {
      try {
        writer.insert(record);
      } catch (error) {
        if (!(error instanceof DuplicateKeyError)) throw error;
        duplicates.push(record.id);
      }
    }
    return duplicates;
  };

  return {
    ensureIndexes: async () => await group.write(() => prepareIndexes(db, table)),
    insert: async (record) => await group.write(() => writer.insert(record)),
    async insertMany(records) {
      const duplicates: string[] = [];
      for (let i = 0; i < records.length; i += PIECE) {
        const piece = records.slice(i, i + PIECE);
        duplicates.push(...(await group.write(() => insertPiece(piece))));
      }
      return { inserted: records.length - duplicates.length, duplicates };
    },
    get: async (id) => await read(() => rows.get(id)),
    getMany: async (ids) => await read(() => rows.getMany(ids)),
    find: async (plan, limit, fields) => await read(() => rows.find(plan, limit, fields)),
    count: async (plan) => await read(() => rows.count(plan)),
    patch: async (id, change, condition) =>
      await group.write(() => {
        const before = rows.get(id);
        return before && meets(before, condition) ? writer.update(before, applyChange(before, change)) : null;
      }),
    upsert: async (key, insert, change) =>
      await group.write(() => {
        const [before] = rows.find(key, 1);
        if (before) return writer.update(before, applyChange(before, change));
        writer.insert(insert);
        return JSON.parse(JSON.stringify(insert)) as RawRecord;
      }),
    claim: async (plan, change, condition) =>
      await group.write(() => {
        for (const before of rows.walk(plan)) {
          if (!meets(before, condition)) continue;
          return writer.update(before, applyChange(before, change));
        }
        return null;
      }),
    delete: async (id, condition) =>
      await group.write(() => {
        const before = rows.get(id);
        if (!before || !meets(before, condition)) return false;
        writer.delete(id);
        return true;
      }),
    async deleteWhere(plan) {
      let deleted = 0;
      for (let some = PIECE; some === PIECE; deleted += some) {
        some = await group.write(() => writer.deleteSome(plan, PIECE));
      }
      return deleted;
    },
    sum: async (plan, by, fields) => await read(() => rows.sum(plan, by, fields)),
    scan: async (afterId, limit) => await read(() => rows.scan(afterId, limit)),
    replace: async (record) =>
      await group.write(() => {
        const before = rows.get(record.id);
        if (before) writer.update(before, record);
        return before !== null;
      }),
  };
}
