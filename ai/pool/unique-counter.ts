/** Registers of a sketch: 2^12, for a standard error of 1.04 / √4096 = 1.6 %. */
const PRECISION = 12;
const REGISTERS = 1 << PRECISION;
const ALPHA = 0.7213 / (1 + 1.079 / REGISTERS);

/**
 * What remembers how many different ids were added, in 4 KB whatever their number, and none of them: a HyperLogLog
 * sketch (Flajolet, Fusy, Gandouet and Meunier, 2007; linear counting for small numbers).
 */
export type Sketch = Uint8Array;

export const createSketch = (): Sketch => new Uint8Array(REGISTERS);

/** A well-mixed 32-bit hash of a text (FNV-1a, then the finaliser of MurmurHash3). */
function hash32(text: string, seed: number): number {
  let hash = 0x811c9dc5 ^ seed;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

export function addToSketch(sketch: Sketch, id: string): void {
  const register = hash32(id, 0) >>> (32 - PRECISION);
  const rank = Math.clz32(hash32(id, 0x9e3779b9)) + 1;
  if (rank > (sketch[register] as number)) sketch[register] = rank;
}

/** How many different ids were added to any of the sketches, within about 2 %. */
export function countUnique(sketches: Iterable<Sketch>): number {
  const merged = createSketch();
  for (const sketch of sketches) {
    for (let i = 0; i < REGISTERS; i++) {
      if ((sketch[i] as number) > (merged[i] as number)) merged[i] = sketch[i] as number;
    }
  }
  return Math.round(estimate(merged));
}

function estimate(registers: Sketch): number {
  let inverse = 0;
  let empty = 0;
  for (const register of registers) {
    inverse += 2 ** -register;
    if (register === 0) empty++;
  }
  const raw = (ALPHA * REGISTERS * REGISTERS) / inverse;
  return raw <= 2.5 * REGISTERS && empty > 0 ? REGISTERS * Math.log(REGISTERS / empty) : raw;
}

export const toText = (sketch: Sketch): string => Buffer.from(sketch).toString("base64");

/** The sketch of a text made by `toText`; of any other text, as much of one as it holds. */
export function fromText(text: string): Sketch {
  const sketch = createSketch();
  sketch.set(Buffer.from(text, "base64").subarray(0, REGISTERS));
  return sketch;
}
