import * as z from "zod";
import type { CollectionDeclaration, StoredRecord } from "./collection.ts";
import type { RawCollection, RawRecord } from "./engine.ts";
import { IncompatibleStoreError } from "./errors.ts";
import { SHREDDED } from "./with-sealing.ts";

const MIGRATED_AT_ONCE = 200;

/** The mark of a record's version; records of version 1 carry none. */
export function versionField(version: number): { readonly _v?: number } {
  return version > 1 ? { _v: version } : {};
}

/**
 * Brings a collection to its declared version before anyone reads it. Each record is replaced as a whole and carries
 * its version, so a crash in between is completed at the next start.
 * @throws IncompatibleStoreError when the collection is of a newer version, or a migration fails
 */
export async function migrate<R extends StoredRecord>(
  declaration: CollectionDeclaration<R>,
  raw: RawCollection,
  meta: RawCollection,
): Promise<void> {
  const { name, version } = declaration;
  const id = `version ${name}`;
  const stored = (await meta.get(id))?.["value"];
  if (stored === version) return;
  if (typeof stored === "number" && stored > version) {
    throw new IncompatibleStoreError(
      `${name} in the store has version ${stored}, this program knows version ${version}: run the newer program`,
    );
  }
  if (stored === undefined) {
    await meta.insertMany([{ id, value: version }]);
    return;
  }
  for (let afterId: string | null = null; ;) {
    const records: RawRecord[] = await raw.scan(afterId, MIGRATED_AT_ONCE);
    await Promise.all(records.map((record) => migrateRecord(declaration, raw, record)));
    const last = records[MIGRATED_AT_ONCE - 1];
    if (!last) break;
    afterId = last.id;
  }
  await meta.replace({ id, value: version });
}

async function migrateRecord<R extends StoredRecord>(
  { name, version, migrations, record: schema }: CollectionDeclaration<R>,
  raw: RawCollection,
  record: RawRecord,
): Promise<void> {
  const { _v = 1, ...plain } = record;
  if (_v === version) return;
  if (SHREDDED in record) {
    await raw.delete(record.id, []);
    return;
  }
  let migrated: Record<string, unknown> = plain;
  try {
    for (let from = Number(_v); from < version; from++) migrated = migrations?.[from]?.(migrated) ?? migrated;
    const checked = z.parse(schema, migrated);
    await raw.replace({ ...(checked as unknown as RawRecord), ...versionField(version) });
  } catch (cause) {
    throw new IncompatibleStoreError(`a record of ${name} cannot be brought to version ${version}`, {
      cause,
    });
  }
}
