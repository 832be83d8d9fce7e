/** Hours in which the pool keeps a batch, and what belongs to a slot of a batch. All times are UTC. */

export const HOUR_MS = 3_600_000;
export const BATCH_SIZE = 100;
/** A conversation lives a day, so this many batches make a full pool. */
export const BATCHES_KEPT = 24;

/** The hour a moment falls in: "2026-11-21T07". */
export function toHour(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 13);
}

/** Unix time at which an hour begins. */
export function hourStartMs(hour: string): number {
  return Date.parse(`${hour}:00:00.000Z`);
}

/** The hours whose batches are alive at a moment, newest first. */
export function hoursKept(nowMs: number): string[] {
  return Array.from({ length: BATCHES_KEPT }, (_, back) => toHour(nowMs - back * HOUR_MS));
}

/** Unique name of one slot of a batch: "2026-11-21T07#042". */
export function toBatchSlot(hour: string, index: number): string {
  return `${hour}#${String(index).padStart(3, "0")}`;
}

/** Id of the conversation in a slot; the same for every process and every attempt. */
export function toConversationId(hour: string, index: number): string {
  return `${hour.replaceAll("-", "")}-${String(index).padStart(3, "0")}`.toLowerCase();
}

/**
 * When the conversation of a slot expires: a day after its hour, and as far into the hour as its slot lies in
 * the batch. So expiries are spread evenly, whenever the batch was written.
 */
export function expiresAtMs(hour: string, index: number): number {
  return hourStartMs(hour) + BATCHES_KEPT * HOUR_MS + ((index % BATCH_SIZE) * HOUR_MS) / BATCH_SIZE;
}
