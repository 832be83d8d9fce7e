/**
 * Counts in fixed memory, by the lower bits of a key. Two keys may share a place, so a count is never too small and
 * seldom too large; what was added can be taken off again.
 */
export interface RunCounter {
  count(key: number): number;
  add(key: number): void;
  remove(key: number): void;
}

const MOST = 65_535;

/** With 2^`bits` places of two bytes. */
export function createRunCounter(bits: number): RunCounter {
  const places = new Uint16Array(2 ** bits);
  const mask = places.length - 1;
  const at = (key: number): number => places[key & mask] as number;
  return {
    count: at,
    add(key) {
      const count = at(key);
      if (count < MOST) places[key & mask] = count + 1;
    },
    remove(key) {
      const count = at(key);
      if (count > 0 && count < MOST) places[key & mask] = count - 1;
    },
  };
}
