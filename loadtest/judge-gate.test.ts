import { describe, expect, it } from "vitest";
import { isBroken, judgeGate, type GateReading } from "./judge-gate.ts";

const reading = (given: Partial<GateReading>): GateReading => ({
  name: "cost, of a peer's",
  value: 1.2,
  limit: 1.4,
  better: "lower",
  noise: 0.01,
  ...given,
});

describe("judgeGate", () => {
  it("passes on the good side of the limit and fails on the other", () => {
    expect(judgeGate(reading({ value: 1.2 }))).toMatchObject({ pass: true, verdict: "pass" });
    expect(judgeGate(reading({ value: 1.5 }))).toMatchObject({ pass: false, verdict: "fail" });
    expect(judgeGate(reading({ value: 0.7, limit: 0.6, better: "higher" })).verdict).toBe("pass");
    expect(judgeGate(reading({ value: 0.5, limit: 0.6, better: "higher" })).verdict).toBe("fail");
  });

  it("gives no verdict when the noise exceeds half the distance to the limit", () => {
    expect(judgeGate(reading({ value: 1.2, noise: 0.09 })).verdict).toBe("pass");
    expect(judgeGate(reading({ value: 1.2, noise: 0.11 }))).toMatchObject({
      pass: false,
      verdict: "too noisy",
    });
    expect(judgeGate(reading({ value: 1.6, noise: 0.11 })).verdict).toBe("too noisy");
  });

  it("bears more noise where the value is far from the limit", () => {
    expect(judgeGate(reading({ value: 5, noise: 1 })).verdict).toBe("fail");
  });

  it("withholds a verdict on a value that was withheld or is no number", () => {
    expect(judgeGate(reading({ value: null }))).toMatchObject({ pass: false, verdict: "withheld" });
    expect(judgeGate(reading({ value: Number.NaN })).verdict).toBe("withheld");
  });

  it("judges a plain count exactly, its limit included", () => {
    const count: GateReading = { name: "viewers harmed", value: 0, limit: 0, better: "lower" };
    expect(judgeGate(count).verdict).toBe("pass");
    expect(judgeGate({ ...count, value: 1 }).verdict).toBe("fail");
  });
});

describe("isBroken", () => {
  it("tells a failed count from a missed speed", () => {
    expect(isBroken(judgeGate({ name: "viewers harmed", value: 2, limit: 0, better: "lower" }))).toBe(true);
    expect(isBroken(judgeGate(reading({ value: 9 })))).toBe(false);
  });
});
