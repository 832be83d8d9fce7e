/**
 * Round values from at or below `low` to at or above `high`, about `wanted` of them, evenly apart by `smallestStep`
 * or more.
 */
export function toTicks(low: number, high: number, smallestStep = 0, wanted = 4): number[] {
  const span = high > low ? high - low : Math.abs(high) || 1;
  const raw = span / wanted;
  const power = 10 ** Math.floor(Math.log10(raw));
  const factor = [1, 2, 5, 10].find((factor) => factor * power >= raw * 0.999) ?? 10;
  const step = Math.max(smallestStep, factor * power);
  const first = Math.floor(low / step);
  const last = Math.max(first + 1, Math.ceil(high / step));
  return Array.from({ length: last - first + 1 }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  );
}

/** Maps [low, high] to [from, to] in a straight line; a range without length to its middle. */
export function toScale(low: number, high: number, from: number, to: number): (value: number) => number {
  if (high === low) return () => (from + to) / 2;
  return (value) => from + ((value - low) / (high - low)) * (to - from);
}
