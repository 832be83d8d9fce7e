/** The middle value, or the mean of the two middle ones; NaN of nothing. */
export function median(values: readonly number[]): number {
  if (values.length === 0) return Number.NaN;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] as number;
  return Number.isInteger(middle) ? ((sorted[middle - 1] as number) + upper) / 2 : upper;
}

/** The smallest value that at least `share` (0–1) of all values do not exceed (nearest rank); NaN of nothing. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = Math.max(1, Math.ceil(share * sorted.length));
  return sorted[rank - 1] ?? Number.NaN;
}

/** Each value of `above` divided by its partner in `below`, round by round. */
export function pairedRatios(above: readonly number[], below: readonly number[]): number[] {
  if (above.length !== below.length) throw new Error("paired samples must be of equal number");
  return above.map((value, index) => value / (below[index] as number));
}

/**
 * How far an arm's twin is from it, as a share: the median of the paired ratios, less one. The same statistic as a
 * ratio against a peer, so it says how much of such a ratio may be chance.
 */
export function twinNoise(arm: readonly number[], twin: readonly number[]): number {
  return Math.abs(median(pairedRatios(arm, twin)) - 1);
}
