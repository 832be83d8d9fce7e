import { setTimeout as pause } from "node:timers/promises";
import type { FakeClock } from "#ai/fake-clock.ts";

/** For every pause of a millisecond here: waits end soon, and no limit is met by what only this machine is slow at. */
const STEP_MS = 5;

/** Lets a simulated clock go on while `work` is under way, so that whatever waits in it comes to an end. */
export async function letTimePass<Result>(clock: FakeClock, work: Promise<Result>): Promise<Result> {
  const over = Promise.allSettled([work]).then(() => true);
  while (!(await Promise.race([over, pause(1, false)]))) await clock.advance(STEP_MS);
  return await work;
}

/** The same until something is so. @throws Error naming what, when it is not so by then */
export async function letTimePassUntil(
  clock: FakeClock,
  { what, isSo, byMs }: { readonly what: string; readonly isSo: () => boolean; readonly byMs: number },
): Promise<void> {
  while (!isSo()) {
    if (clock.nowMs() > byMs) throw new Error(`still to come: ${what}`);
    await pause(1);
    await clock.advance(STEP_MS);
  }
}
