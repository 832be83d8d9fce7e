/** The longest that the server lets a one-time code live. */
const LONGEST_LIFE_MS = 10 * 60_000;

/** How long a code that has just been made is good, even where this device's clock is wrong. */
export function toLifeMs(expiresAtMs: number, nowMs: number): number {
  const leftMs = expiresAtMs - nowMs;
  return leftMs > 0 && leftMs < LONGEST_LIFE_MS ? leftMs : LONGEST_LIFE_MS;
}

/** As `9:05`; a second that has begun counts. */
export function toCountdown(leftMs: number): string {
  const seconds = Math.max(0, Math.ceil(leftMs / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** In halves, which are easier to carry over: `ABCD-EFGH`. */
export function toHalves(code: string): string {
  const middle = Math.ceil(code.length / 2);
  return `${code.slice(0, middle)}-${code.slice(middle)}`;
}
