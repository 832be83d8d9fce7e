import type { Durations } from "#schema/desk.ts";

/** Counts durations by bins that widen with them, so that memory is the same for any number. */
export interface DurationHistogram {
  add(durationMs: number, count?: number): void;
  figures(): Durations;
}

const SHORTEST_MS = 10;
const LONGEST_MS = 24 * 3_600_000;
/** Two bins to a doubling: a duration read off its bin is off by a fifth at most. */
const BINS_PER_DOUBLING = 2;
const BINS = Math.ceil(Math.log2(LONGEST_MS / SHORTEST_MS) * BINS_PER_DOUBLING) + 1;

/** The duration in the middle of a bin, by ratio. */
const middleMs = (bin: number): number => SHORTEST_MS * 2 ** ((bin - 0.5) / BINS_PER_DOUBLING);

function toBin(durationMs: number): number {
  if (durationMs <= SHORTEST_MS) return 0;
  const bin = Math.ceil(Math.log2(durationMs / SHORTEST_MS) * BINS_PER_DOUBLING);
  return Math.min(bin, BINS - 1);
}

export function createDurationHistogram(): DurationHistogram {
  const bins = new Float64Array(BINS);
  let total = 0;
  let sumMs = 0;

  function percentile(share: number): number | null {
    let below = 0;
    for (const [bin, count] of bins.entries()) {
      below += count;
      if (count > 0 && below >= share * total) return Math.round(middleMs(bin));
    }
    return null;
  }

  return {
    add(durationMs, count = 1) {
      bins[toBin(durationMs)]! += count;
      total += count;
      sumMs += durationMs * count;
    },
    figures: () => ({
      count: total,
      meanMs: total > 0 ? Math.round(sumMs / total) : null,
      p50Ms: percentile(0.5),
      p90Ms: percentile(0.9),
    }),
  };
}
