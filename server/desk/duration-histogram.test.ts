import { describe, expect, it } from "vitest";
import { createDurationHistogram } from "./duration-histogram.ts";

describe("a duration histogram", () => {
  it("has no mean and no percentiles of nothing", () => {
    expect(createDurationHistogram().figures()).toEqual({ count: 0, meanMs: null, p50Ms: null, p90Ms: null });
  });

  it.each([12, 30, 250, 1000, 61_000, 3_600_000])("reads %d ms off its bin within a fifth", (durationMs) => {
    const histogram = createDurationHistogram();
    histogram.add(durationMs, 3);
    const { count, meanMs, p50Ms } = histogram.figures();
    expect([count, meanMs]).toEqual([3, durationMs]);
    expect(Math.abs((p50Ms ?? 0) / durationMs - 1)).toBeLessThan(0.2);
  });

  it.each([0, 1, 10])("takes %d ms for a short moment", (durationMs) => {
    const histogram = createDurationHistogram();
    histogram.add(durationMs);
    expect(histogram.figures()).toMatchObject({ meanMs: durationMs, p50Ms: 8 });
  });

  it("tells the slow tenth from the rest", () => {
    const histogram = createDurationHistogram();
    for (let i = 0; i < 85; i++) histogram.add(100);
    for (let i = 0; i < 15; i++) histogram.add(10_000);
    const { p50Ms, p90Ms } = histogram.figures();
    expect(p50Ms).toBeLessThan(125);
    expect(p90Ms).toBeGreaterThan(8000);
  });

  it("takes what lasts longer than any bin for the longest", () => {
    const histogram = createDurationHistogram();
    histogram.add(1e12);
    expect(histogram.figures().p50Ms).toBeGreaterThan(20 * 3_600_000);
  });
});
