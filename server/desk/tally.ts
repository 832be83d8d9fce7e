/** How often one thing was seen. */
export type Tallied<Key> = Key & { count: number; firstSeenMs: number; lastSeenMs: number };

/** Counts of things told apart by their fields, in bounded memory. */
export interface Tally<Key extends object> {
  add(key: Key, atMs: number, count?: number): void;
  /** Most frequent first. */
  rows(): Tallied<Key>[];
  /** The sum of the counts whose rows had to give way. */
  forgotten(): number;
}

/**
 * A tally of at most `most` rows: a new one takes the place of the rarest, so that whoever makes up names cannot
 * drive out what happens all the time.
 */
export function createTally<Key extends object>(most: number): Tally<Key> {
  const rows = new Map<string, Tallied<Key>>();
  let forgotten = 0;

  function dropRarest(): void {
    let rarest: [string, Tallied<Key>] | undefined;
    // Of equally rare ones the oldest goes: the map is in order of arrival.
    for (const entry of rows) if (!rarest || entry[1].count < rarest[1].count) rarest = entry;
    if (!rarest) return;
    rows.delete(rarest[0]);
    forgotten += rarest[1].count;
  }

  return {
    add(key, atMs, count = 1) {
      const name = JSON.stringify(key);
      const row = rows.get(name);
      if (row) {
        row.count += count;
        row.lastSeenMs = atMs;
        return;
      }
      if (rows.size >= most) dropRarest();
      rows.set(name, { ...key, count, firstSeenMs: atMs, lastSeenMs: atMs });
    },
    rows: () => [...rows.values()].map((row) => ({ ...row })).sort((a, b) => b.count - a.count),
    forgotten: () => forgotten,
  };
}
