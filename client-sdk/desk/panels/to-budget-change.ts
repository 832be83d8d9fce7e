import type { BudgetCard, BudgetChange } from "#schema/usage.ts";

/**
 * What a filled-in form changes of a budget; null where it changes nothing. An empty monthly limit is the usual one,
 * an empty sum of payments is none.
 */
export function toBudgetChange(
  { monthlyUsd, prepaidUsd }: Pick<BudgetCard, "monthlyUsd" | "prepaidUsd">,
  written: { monthly: string; prepaid: string },
): BudgetChange | null {
  const monthly = written.monthly.trim() === "" ? null : Number(written.monthly);
  const prepaid = Number(written.prepaid);
  if (monthly === monthlyUsd && prepaid === prepaidUsd) return null;
  return {
    // A limit that is set again, even to the same, makes its alerts begin anew.
    ...(monthly !== monthlyUsd && { monthlyUsd: monthly }),
    ...(prepaid !== prepaidUsd && { prepaidUsd: prepaid }),
  };
}
