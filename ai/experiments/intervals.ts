/** A value and its 95 % interval. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** The 97.5 % point of the standard normal distribution. */
const Z = 1.959963984540054;

/** A share, which holds where it is near 0 or 1 as well. (Wilson 1927; Newcombe 1998, Stat. Med. 17:857, method 3.) */
export function estimateShare(part: number, whole: number): Estimate {
  const value = part / whole;
  const scale = 1 + Z ** 2 / whole;
  const middle = (value + Z ** 2 / (2 * whole)) / scale;
  const half = (Z / scale) * Math.sqrt((value * (1 - value)) / whole + Z ** 2 / (4 * whole ** 2));
  return { value, low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}

/** A mean, from the sum of its values and of their squares; normal, so for many of them. */
export function estimateMean(sum: number, squares: number, count: number): Estimate {
  const value = sum / count;
  const variance = Math.max(0, squares - sum * value) / (count - 1);
  return around(value, Z * Math.sqrt(variance / count));
}

/**
 * What things cost for each event that they were done for, as a view. How often they were done and how many events
 * there were are both taken for chance: the cost for a compound Poisson sum, of which the sum of squares estimates the
 * variance; the events for a Poisson count; the two for independent, which where more events bring more cost is rather
 * too wide than too narrow. (Delta method for a ratio: Casella and Berger, "Statistical Inference", 5.5.4.)
 */
export function estimateRatio(sum: number, squares: number, events: number): Estimate {
  return around(sum / events, (Z * Math.sqrt(squares + sum ** 2 / events)) / events);
}

/**
 * By how much the other is above the first, from their own intervals; for two means it is the usual normal interval,
 * for two shares Newcombe's. (Zou and Donner 2008, Stat. Med. 27:1693; Newcombe 1998, Stat. Med. 17:873, method 10.)
 */
export function estimateDifference(first: Estimate, other: Estimate): Estimate {
  const value = other.value - first.value;
  return {
    value,
    low: value - Math.hypot(other.value - other.low, first.high - first.value),
    high: value + Math.hypot(other.high - other.value, first.value - first.low),
  };
}

const around = (value: number, half: number): Estimate => ({ value, low: value - half, high: value + half });
