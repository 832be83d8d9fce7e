import type { Clock } from "./clock.ts";

export interface FakeClock extends Clock {
  /** Moves time forward, firing what falls due in order; awaits between firings so promises settle. */
  advance(byMs: number): Promise<void>;
}

/** A clock for tests that stands still until it is told to move. */
export function createFakeClock(startMs = Date.UTC(2026, 0, 1)): FakeClock {
  let nowMs = startMs;
  let sequence = 0;
  const due = new Map<number, { atMs: number; run: () => void }>();
  return {
    nowMs: () => nowMs,
    after(delayMs, run) {
      const key = sequence++;
      due.set(key, { atMs: nowMs + Math.max(0, delayMs), run });
      return () => void due.delete(key);
    },
    async advance(byMs) {
      const targetMs = nowMs + byMs;
      for (;;) {
        let next: [number, { atMs: number; run: () => void }] | undefined;
        for (const entry of due) {
          if (entry[1].atMs <= targetMs && (!next || entry[1].atMs < next[1].atMs)) next = entry;
        }
        if (!next) break;
        due.delete(next[0]);
        nowMs = next[1].atMs;
        next[1].run();
        await new Promise((resolve) => setImmediate(resolve));
      }
      nowMs = targetMs;
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}
