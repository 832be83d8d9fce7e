import type { RawChange, RawCondition, RawRecord } from "../engine.ts";

/** The record after the change; the one given stays as it is. */
export function applyChange(record: RawRecord, change: RawChange): RawRecord {
  const changed: Record<string, unknown> & { id: string } = { ...record };
  for (const [field, value] of Object.entries(change.set)) changed[field] = value;
  for (const field of change.unset) delete changed[field];
  for (const [field, by] of Object.entries(change.increment)) {
    changed[field] = ((changed[field] as number | undefined) ?? 0) + by;
  }
  for (const [field, value] of Object.entries(change.max)) {
    changed[field] = Math.max((changed[field] as number | undefined) ?? value, value);
  }
  for (const [field, { values, cap }] of Object.entries(change.push)) {
    changed[field] = [...listOf(changed[field]), ...values].slice(-cap);
  }
  for (const [field, value] of Object.entries(change.addToSet)) {
    const list = listOf(changed[field]);
    if (!list.includes(value)) changed[field] = [...list, value];
  }
  return changed;
}

/** Whether the record fulfils every term. */
export function meets(record: RawRecord, condition: RawCondition): boolean {
  return condition.every((term) => {
    const value = record[term.field];
    if ("equals" in term) return value === term.equals;
    if (typeof value !== "number") return false;
    const { gt = -Infinity, gte = -Infinity, lt = Infinity, lte = Infinity } = term;
    return value > gt && value >= gte && value < lt && value <= lte;
  });
}

function listOf(value: unknown): unknown[] {
  return (value as unknown[] | undefined) ?? [];
}
