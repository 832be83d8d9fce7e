import { expect, it } from "vitest";
import { toBudgetChange } from "./to-budget-change.ts";

it.each([
  [{ monthly: "2", prepaid: "5" }, null],
  [{ monthly: "2.00", prepaid: "5" }, null],
  [{ monthly: "3.5", prepaid: "5" }, { monthlyUsd: 3.5 }],
  [{ monthly: "", prepaid: "5" }, { monthlyUsd: null }],
  [{ monthly: "0", prepaid: "5" }, { monthlyUsd: 0 }],
  [{ monthly: "2", prepaid: "12" }, { prepaidUsd: 12 }],
  [{ monthly: "2", prepaid: "" }, { prepaidUsd: 0 }],
  [
    { monthly: "1e-7", prepaid: "0" },
    { monthlyUsd: 1e-7, prepaidUsd: 0 },
  ],
])("of a limit of 2 and 5 paid in, %o changes %o", (written, change) => {
  expect(toBudgetChange({ monthlyUsd: 2, prepaidUsd: 5 }, written)).toEqual(change);
});

it("an empty limit stays the usual one", () => {
  expect(toBudgetChange({ monthlyUsd: null, prepaidUsd: 0 }, { monthly: "", prepaid: "0" })).toBeNull();
});
