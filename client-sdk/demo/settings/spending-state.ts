import type { UsageReport } from "#schema/usage.ts";

/**
 * How my spending stands: nothing to tell, all is well, the limit is reached and what was paid in is used, the limit
 * is reached and nothing is left, or whoever runs the server has stopped it.
 */
export type SpendingState = "nothing" | "active" | "prepaid" | "used-up" | "stopped";

type Standing = Pick<
  UsageReport,
  "status" | "calls" | "spentUsd" | "spentPrepaidUsd" | "limitUsd" | "prepaidUsd" | "alerts" | "months"
>;

export function toSpendingState(report: Standing): SpendingState {
  const { status, calls, limitUsd, prepaidUsd, alerts, months } = report;
  const isActive = status === "active";
  const isUntouched = calls === 0 && months.length === 0 && prepaidUsd === 0;
  if (isUntouched && (isActive || limitUsd === 0)) return "nothing";
  const isReached = toOfLimitUsd(report) >= limitUsd || alerts.some(({ percent }) => percent >= 100);
  if (isActive) return isReached ? "prepaid" : "active";
  // A limit of nothing was somebody's decision; and what is reached does not stop who has paid in.
  return isReached && limitUsd > 0 && prepaidUsd === 0 ? "used-up" : "stopped";
}

/** Of what was spent, what counts towards the limit. */
export function toOfLimitUsd({
  spentUsd,
  spentPrepaidUsd,
}: Pick<UsageReport, "spentUsd" | "spentPrepaidUsd">): number {
  return Math.max(0, spentUsd - spentPrepaidUsd);
}
