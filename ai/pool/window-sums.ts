export interface WindowSums<Field extends string> {
  add(atMs: number, amounts: { readonly [F in Field]?: number }): void;
  /** Sums over the bins that begin within the last `windowMs`. */
  sum(nowMs: number, windowMs: number): Record<Field, number>;
}

/** Running sums over a sliding window, kept by bin, so that memory is bounded by `keepMs / binMs`. */
export function createWindowSums<Field extends string>(
  fields: readonly Field[],
  binMs: number,
  keepMs: number,
): WindowSums<Field> {
  const bins = new Map<number, Record<Field, number>>();

  function zero(): Record<Field, number> {
    return Object.fromEntries(fields.map((field) => [field, 0])) as Record<Field, number>;
  }

  return {
    add(atMs, amounts) {
      const bin = Math.floor(atMs / binMs);
      let sums = bins.get(bin);
      if (sums === undefined) {
        for (const old of bins.keys()) if ((bin - old) * binMs > keepMs) bins.delete(old);
        bins.set(bin, (sums = zero()));
      }
      for (const field of fields) sums[field] += amounts[field] ?? 0;
    },
    sum(nowMs, windowMs) {
      const total = zero();
      for (const [bin, sums] of bins) {
        if (bin * binMs <= nowMs - windowMs) continue;
        for (const field of fields) total[field] += sums[field];
      }
      return total;
    },
  };
}
