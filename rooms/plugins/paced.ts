import type { Clock } from "#ai/clock.ts";

/** Something that may be asked for at any rate and happens at most once in `everyMs`. */
export interface Paced {
  /** Runs at once when the last run is long enough ago, else as soon as it is. */
  touch(): void;
  /** Drops a run that is due later. */
  cancel(): void;
}

/** Bounds the rate of `run`; the last `touch` is always followed by a run. */
export function createPaced(clock: Clock, everyMs: number, run: () => void): Paced {
  let lastRunMs = Number.NEGATIVE_INFINITY;
  let cancelPending: (() => void) | null = null;
  const runNow = (): void => {
    cancelPending = null;
    lastRunMs = clock.nowMs();
    run();
  };
  return {
    touch() {
      if (cancelPending) return;
      const waitMs = lastRunMs + everyMs - clock.nowMs();
      if (waitMs <= 0) runNow();
      else cancelPending = clock.after(Math.min(waitMs, everyMs), runNow);
    },
    cancel() {
      cancelPending?.();
      cancelPending = null;
    },
  };
}
