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

/**
 * The ratio of two arms to their peers, and by how much the two arms' own ratios differ. Samples at the same index are
 * of one round and are compared with each other: what drifts on the machine from round to round hits both alike.
 */
export function ratioWithNoise(
  [arm, twin]: readonly [readonly number[], readonly number[]],
  [peer, peerOfTwin]: readonly [readonly number[], readonly number[]],
): { readonly value: number; readonly noise: number } {
  const ratios = toRatios(arm, peer);
  const ratiosOfTwin = toRatios(twin, peerOfTwin);
  return {
    value: median([...ratios, ...ratiosOfTwin]),
    noise: Math.abs(median(ratios) - median(ratiosOfTwin)),
  };
}

function toRatios(above: readonly number[], below: readonly number[]): number[] {
  return above.map((value, round) => value / (below[round] ?? Number.NaN));
}
