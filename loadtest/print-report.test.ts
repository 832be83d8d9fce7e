import { describe, expect, it } from "vitest";
import { defineBench } from "./define-bench.ts";
import { judgeGate } from "./judge-gate.ts";
import { toJson, toText, type Report } from "./print-report.ts";

const result = {
  figures: { requestsPerSecond: null, cpuPerRequestUs: 123.456789 },
  gates: [
    { name: "throughput, of a peer's", value: 0.712345, limit: 0.6, better: "higher", noise: 0.01 } as const,
  ],
};
const report: Report = {
  bench: defineBench({
    name: "view",
    summary: "cost of a view",
    comparesWith: "a plain route",
    run: async () => result,
  }),
  machine: {
    processor: "two of them",
    cores: 2,
    memoryGb: 8,
    platform: "linux-x64",
    node: "v26",
    loadBefore: 0.1,
  },
  result,
  gates: result.gates.map(judgeGate),
  quick: false,
};

describe("toJson", () => {
  it("is one line with what the contract names", () => {
    const text = toJson(report);
    expect(text).not.toContain("\n");
    expect(JSON.parse(text)).toMatchObject({
      bench: "view",
      machine: { cores: 2 },
      figures: { requestsPerSecond: null, cpuPerRequestUs: 123.5 },
      gates: [{ name: "throughput, of a peer's", value: 0.7123, limit: 0.6, better: "higher", pass: true }],
    });
  });
});

describe("figures of several things", () => {
  const sideBySide = Object.fromEntries(
    ["a", "b", "c", "d", "e"].map((name, at) => [name, { cost: at + 0.123456, latency: null }]),
  );
  const wide = { ...report, result: { ...result, sideBySide } };

  it("are named by thing and figure in the object", () => {
    expect(JSON.parse(toJson(wide)).figures).toMatchObject({ "a: cost": 0.1235, "e: latency": null });
  });

  it("stand in columns, four of them abreast", () => {
    const text = toText(wide);
    expect(text).toMatch(/^figure +a +b +c +d$/m);
    expect(text).toMatch(/^cost +0\.1235 +1\.123 +2\.123 +3\.123$/m);
    expect(text).toMatch(/^figure +e$/m);
    expect(text).toMatch(/^latency +withheld$/m);
  });
});

describe("toText", () => {
  it("says what is compared, and which figures were withheld", () => {
    const text = toText(report);
    expect(text).toContain("compared with: a plain route");
    expect(text).toMatch(/requestsPerSecond +withheld/);
    expect(text).toMatch(/0\.7123 +at least 0\.6 +±0\.01 +pass/);
  });

  it("warns that the figures of a smoke run mean nothing", () => {
    expect(toText({ ...report, quick: true })).toContain("mean nothing");
    expect(toText(report)).not.toContain("mean nothing");
  });
});
