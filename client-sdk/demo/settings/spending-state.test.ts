import { describe, expect, it } from "vitest";
import { toOfLimitUsd, toSpendingState } from "./spending-state.ts";

const untouched = {
  status: "active" as const,
  calls: 0,
  spentUsd: 0,
  spentPrepaidUsd: 0,
  limitUsd: 0.1,
  prepaidUsd: 0,
  alerts: [],
  months: [],
};
const spent = { ...untouched, calls: 3, spentUsd: 0.04 };
const used = { ...spent, spentUsd: 0.1 };
const november = {
  month: "2026-11",
  calls: 3,
  costUsd: 0.04,
  inputTokens: 1,
  cachedTokens: 0,
  outputTokens: 1,
};

describe("spending", () => {
  it.each([
    ["nothing was ever asked", untouched, "nothing"],
    [
      "the server grants nothing and nothing was asked",
      { ...untouched, limitUsd: 0, status: "suspended" },
      "nothing",
    ],
    ["nothing was asked this month, but before", { ...untouched, months: [november] }, "active"],
    ["something is left", spent, "active"],
    ["the limit is reached, and something was paid in", { ...used, prepaidUsd: 5 }, "prepaid"],
    ["the limit is reached, and nothing is left", { ...used, status: "suspended" }, "used-up"],
    [
      "the next call would not fit below the limit",
      { ...spent, alerts: [{ percent: 100, atMs: 1 }], status: "suspended" },
      "used-up",
    ],
    ["it was stopped before the limit", { ...spent, status: "suspended" }, "stopped"],
    ["it was stopped before anything was asked", { ...untouched, status: "suspended" }, "stopped"],
    [
      "it was stopped although something was paid in",
      { ...used, prepaidUsd: 5, status: "suspended" },
      "stopped",
    ],
    ["the limit was taken away", { ...used, limitUsd: 0, status: "suspended" }, "stopped"],
  ] as const)("where %s", (_, report, state) => {
    expect(toSpendingState({ ...report, alerts: [...report.alerts], months: [...report.months] })).toBe(
      state,
    );
  });

  it("out of what was paid in does not count towards the limit", () => {
    expect(toOfLimitUsd({ spentUsd: 0.5, spentPrepaidUsd: 0.5 })).toBe(0);
    expect(toOfLimitUsd({ spentUsd: 0.5, spentPrepaidUsd: 0.125 })).toBe(0.375);
    expect(toSpendingState({ ...used, spentPrepaidUsd: 0.08, prepaidUsd: 1 })).toBe("active");
  });
});
