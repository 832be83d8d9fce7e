import type { Signed } from "../model.ts";

/** Whether nobody waits for it any more. */
export const isOver = ({ signal, untilMs = Infinity }: Signed, nowMs: number): boolean =>
  signal.aborted || nowMs >= untilMs;
