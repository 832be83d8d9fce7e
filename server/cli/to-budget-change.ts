import type { BudgetChange } from "#schema/usage.ts";
import { CommandError } from "./call-server.ts";

/** As they come from the command line. */
export interface BudgetOptions {
  readonly monthlyUsd?: string;
  readonly prepaidUsd?: string;
  readonly suspend?: boolean;
  readonly lift?: boolean;
}

/** What options ask to change of a budget; null for nothing, which means to read it. @throws CommandError */
export function toBudgetChange({
  monthlyUsd,
  prepaidUsd,
  suspend,
  lift,
}: BudgetOptions): BudgetChange | null {
  if (suspend && lift) throw new CommandError("--suspend and --lift exclude each other");
  const change: BudgetChange = {
    ...(monthlyUsd !== undefined && {
      monthlyUsd: monthlyUsd === "default" ? null : toAmount("--monthly-usd", monthlyUsd),
    }),
    ...(prepaidUsd !== undefined && { prepaidUsd: toAmount("--prepaid-usd", prepaidUsd) }),
    ...((suspend || lift) && { suspended: suspend === true }),
  };
  return Object.keys(change).length === 0 ? null : change;
}

function toAmount(option: string, text: string): number {
  const amount = Number(text);
  // An empty word is no zero.
  if (text.trim() === "" || !Number.isFinite(amount))
    throw new CommandError(`${option} takes an amount: ${text}`);
  return amount;
}
