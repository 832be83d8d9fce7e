const SHORTEST_MS = 10;
/** Two bins to a doubling, up to 5 minutes: a latency read off its bin's middle is within a fifth of the true one. */
const BINS_PER_DOUBLING = 2;
const BINS = 31;

/** How many calls took about how long; the last bin holds all that took longer. */
export const createLatencyBins = (): number[] => Array.from({ length: BINS }, () => 0);

export function addLatency(bins: number[], latencyMs: number): void {
  const bin = Math.ceil(Math.log2(Math.max(latencyMs, SHORTEST_MS) / SHORTEST_MS) * BINS_PER_DOUBLING);
  const at = Math.min(bin, BINS - 1);
  bins[at] = (bins[at] ?? 0) + 1;
}

/** The latency that so great a share of the calls did not exceed; null of none. */
export function readPercentile(bins: readonly number[], share: number): number | null {
  const total = bins.reduce((sum, count) => sum + count, 0);
  let below = 0;
  for (const [bin, count] of bins.entries()) {
    below += count;
    if (count > 0 && below >= share * total) return Math.round(middleMs(bin));
  }
  return null;
}

/** By ratio; the first bin holds whatever is shorter. */
const middleMs = (bin: number): number =>
  bin === 0 ? SHORTEST_MS : SHORTEST_MS * 2 ** ((bin - 0.5) / BINS_PER_DOUBLING);
