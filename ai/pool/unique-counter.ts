/** Registers of a sketch: 2^12, for a standard error of 1.04 / √4096 = 1.6 %. */
const PRECISION = 12;
const REGISTERS = 1 << PRECISION;
const ALPHA = 0.7213 / (1 + 1.079 / REGISTERS);

/** A well-mixed 32-bit hash of a text (FNV-1a, then the finaliser of MurmurHash3). */
function hash32(text: string, seed: number): number {
  let hash = 0x811c9dc5 ^ seed;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function estimate(registers: Uint8Array): number {
  let inverse = 0;
  let empty = 0;
  for (const register of registers) {
    inverse += 2 ** -register;
    if (register === 0) empty++;
  }
  const raw = (ALPHA * REGISTERS * REGISTERS) / inverse;
  return raw <= 2.5 * REGISTERS && empty > 0 ? REGISTERS * Math.log(REGISTERS / empty) : raw;
}

export interface UniqueCounter {
  add(id: string, nowMs: number): void;
  /** Different ids of the last `bins` bins, the current one included; within about 2 %. */
  count(nowMs: number): number;
}

/**
 * Counts different ids over a sliding window in bounded memory: one HyperLogLog sketch of 4 KB for each bin,
 * merged when asked (Flajolet, Fusy, Gandouet and Meunier, 2007; linear counting for small numbers).
 */
export function createUniqueCounter(binMs: number, bins: number): UniqueCounter {
  const sketches = new Map<number, Uint8Array>();

  function dropOld(current: number): void {
    for (const bin of sketches.keys()) if (bin <= current - bins) sketches.delete(bin);
  }

  return {
    add(id, nowMs) {
      const current = Math.floor(nowMs / binMs);
      let sketch = sketches.get(current);
      if (sketch === undefined) {
        dropOld(current);
        sketches.set(current, (sketch = new Uint8Array(REGISTERS)));
      }
      const register = hash32(id, 0) >>> (32 - PRECISION);
      const rank = Math.clz32(hash32(id, 0x9e3779b9)) + 1;
      if (rank > (sketch[register] as number)) sketch[register] = rank;
    },
    count(nowMs) {
      dropOld(Math.floor(nowMs / binMs));
      const merged = new Uint8Array(REGISTERS);
      for (const sketch of sketches.values()) {
        for (let i = 0; i < REGISTERS; i++) {
          if ((sketch[i] as number) > (merged[i] as number)) merged[i] = sketch[i] as number;
        }
      }
      return Math.round(estimate(merged));
    },
  };
}
