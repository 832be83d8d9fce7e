import { expect, test } from "vitest";
import { addLatency, createLatencyBins, readPercentile } from "./latency-bins.ts";

test("a percentile is within a fifth of the true one, from a hundredth of a second to five minutes", () => {
  for (const latencyMs of [10, 15, 99, 1000, 1_001, 12_345, 300_000]) {
    const bins = createLatencyBins();
    addLatency(bins, latencyMs);
    expect(Math.abs((readPercentile(bins, 0.5) ?? 0) / latencyMs - 1)).toBeLessThan(0.2);
  }
});

test("percentiles are read off the ranks of what was added", () => {
  const bins = createLatencyBins();
  for (let nth = 0; nth < 94; nth++) addLatency(bins, 100);
  for (let nth = 0; nth < 6; nth++) addLatency(bins, 5000);
  expect(readPercentile(bins, 0.5)).toBeLessThan(120);
  expect(readPercentile(bins, 0.94)).toBeLessThan(120);
  expect(readPercentile(bins, 0.95)).toBeGreaterThan(4000);
});

test("what is shorter or longer than all bins is counted in the first and the last", () => {
  const bins = createLatencyBins();
  for (const latencyMs of [0, 3, 10, 1e9]) addLatency(bins, latencyMs);
  expect([bins.at(0), bins.at(-1)]).toEqual([3, 1]);
  expect(bins.reduce((sum, count) => sum + count, 0)).toBe(4);
});

test("there is no percentile of nothing", () => {
  expect(readPercentile(createLatencyBins(), 0.5)).toBeNull();
});
