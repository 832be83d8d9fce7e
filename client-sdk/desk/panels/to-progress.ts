export interface Progress {
  readonly written: number;
  readonly state: "going" | "done" | "stalled";
}

/** So many looks without growth, and no more is to come. */
const PATIENCE = 60;

/** How far a writing of `asked` conversations is, by the pool's sizes since before it began. */
export function toProgress(sizes: readonly number[], asked: number): Progress {
  const grown = sizes.map((size) => size - (sizes[0] ?? 0));
  const written = Math.min(asked, Math.max(0, ...grown));
  if (written >= asked) return { written, state: "done" };
  const before = Math.max(0, ...grown.slice(0, -PATIENCE));
  const isStalled = sizes.length > PATIENCE && before >= written;
  return { written, state: isStalled ? "stalled" : "going" };
}
