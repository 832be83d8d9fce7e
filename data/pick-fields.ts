import type { RawRecord } from "./engine.ts";

/** These fields of a record, as far as it has them, and its id. */
export function pickFields(record: RawRecord, fields: readonly string[]): RawRecord {
  const picked: Record<string, unknown> & { id: string } = { id: record.id };
  for (const field of fields) if (record[field] !== undefined) picked[field] = record[field];
  return picked;
}
