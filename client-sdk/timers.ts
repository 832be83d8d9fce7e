/** Time as an argument, so that tests own it. */
export interface Timers {
  /** Unix time in milliseconds. */
  nowMs(): number;
  /** Calls `run` once after `delayMs`; the returned function cancels it. */
  after(delayMs: number, run: () => void): () => void;
}

export const systemTimers: Timers = {
  nowMs: () => Date.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

/** The same, but for what no process in Node need stay for. */
export const idleTimers: Timers = {
  nowMs: () => Date.now(),
  after(delayMs, run) {
    // A browser's timer is a number, whatever the types of Node say.
    const timer: { unref?(): unknown } | number = setTimeout(run, delayMs);
    if (typeof timer === "object") timer.unref?.();
    return () => clearTimeout(timer as number);
  },
};
