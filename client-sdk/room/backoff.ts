const FIRST_MS = 400;
const LONGEST_MS = 12_000;

/**
 * How long to wait before try number `attempt` (from 0), in milliseconds: doubling from 400 ms up to 12 s, of which
 * a random half is taken off, so that a thousand clients of a restarted server do not come back at once. `random`
 * is uniform in [0, 1).
 */
export function backoffMs(attempt: number, random: () => number): number {
  const ceilingMs = Math.min(LONGEST_MS, FIRST_MS * 2 ** attempt);
  return Math.round(ceilingMs * (0.5 + random() / 2));
}
