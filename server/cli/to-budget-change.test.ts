import { expect, it } from "vitest";
import { CommandError } from "./call-server.ts";
import { toBudgetChange } from "./to-budget-change.ts";

it.each([
  [{}, null],
  [{ monthlyUsd: "2.5" }, { monthlyUsd: 2.5 }],
  [{ monthlyUsd: "default" }, { monthlyUsd: null }],
  [{ prepaidUsd: "0" }, { prepaidUsd: 0 }],
  [{ suspend: true }, { suspended: true }],
  [
    { lift: true, monthlyUsd: "4" },
    { suspended: false, monthlyUsd: 4 },
  ],
])("%o asks for %o", (options, change) => {
  expect(toBudgetChange(options)).toEqual(change);
});

it.each([
  [{ monthlyUsd: "two" }, "--monthly-usd takes an amount: two"],
  [{ prepaidUsd: "" }, "--prepaid-usd takes an amount: "],
  [{ suspend: true, lift: true }, "--suspend and --lift exclude each other"],
])("%o is refused, and says why", (options, message) => {
  expect(() => toBudgetChange(options)).toThrow(new CommandError(message));
});
