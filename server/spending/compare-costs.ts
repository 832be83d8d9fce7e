/** One day's bill of a vendor beside the books. */
export interface CostCheck {
  readonly provider: string;
  readonly day: string;
  readonly billedNanoUsd: number;
  readonly bookedNanoUsd: number;
  /** By what share of the larger of the two they differ, from -1 to 1; above 0 when the vendor billed more. */
  readonly deviation: number;
  /** Too much to be a matter of rounding and of calls around midnight. */
  readonly isAlert: boolean;
}

const TOLERATED_SHARE = 0.05;
const TOLERATED_NANO_USD = 10_000_000;

/** Judges a day: an alert needs more than 5 % and more than a cent. */
export function compareCosts({
  provider,
  day,
  billedNanoUsd,
  bookedNanoUsd,
}: Pick<CostCheck, "provider" | "day" | "billedNanoUsd" | "bookedNanoUsd">): CostCheck {
  const difference = billedNanoUsd - bookedNanoUsd;
  const larger = Math.max(billedNanoUsd, bookedNanoUsd);
  const deviation = larger > 0 ? Math.max(-1, Math.min(1, difference / larger)) : 0;
  const isAlert = Math.abs(deviation) > TOLERATED_SHARE && Math.abs(difference) > TOLERATED_NANO_USD;
  return { provider, day, billedNanoUsd, bookedNanoUsd, deviation, isAlert };
}
