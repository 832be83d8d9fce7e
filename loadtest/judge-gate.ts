/** A figure held against an issue's limit. */
export interface GateReading {
  readonly name: string;
  /** Null when it was withheld. */
  readonly value: number | null;
  readonly limit: number;
  /** Which side of the limit is good; the limit itself passes. */
  readonly better: "lower" | "higher";
  /** What the same arm taken twice differs by, in the value's own unit; absent where the value is a plain count. */
  readonly noise?: number;
}

export type Verdict = "pass" | "fail" | "too noisy" | "withheld";

export interface JudgedGate extends GateReading {
  readonly pass: boolean;
  readonly verdict: Verdict;
}

/** A verdict stands only when the noise is at most half the distance between the value and its limit. */
export function judgeGate(reading: GateReading): JudgedGate {
  const verdict = toVerdict(reading);
  return { ...reading, pass: verdict === "pass", verdict };
}

function toVerdict({ value, limit, better, noise }: GateReading): Verdict {
  if (value === null || Number.isNaN(value)) return "withheld";
  if (noise !== undefined && noise > Math.abs(value - limit) / 2) return "too noisy";
  return (better === "lower" ? value <= limit : value >= limit) ? "pass" : "fail";
}

/** A gate on a plain count is about correctness, and so holds in a smoke run too. */
export function isBroken(gate: JudgedGate): boolean {
  return gate.noise === undefined && gate.verdict === "fail";
}
