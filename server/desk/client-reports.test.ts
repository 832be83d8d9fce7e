import { describe, expect, it } from "vitest";
import { ClientReports as Sending } from "#schema/client-report.ts";
import { createClientReports } from "./client-reports.ts";

function openReports() {
  const told: unknown[] = [];
  const reports = createClientReports(() => 5000, {
    countClientReport: (...args) => void told.push(args),
    observeLoad: (...args) => void told.push(args),
  });
  return { told, reports, take: (sending: object) => reports.take(Sending.parse(sending)) };
}

describe("reports of pages and SDKs", () => {
  it("are counted by source, kind, code and version", () => {
    const { reports, take, told } = openReports();
    const failure = { kind: "uncaught", code: "TypeError" };
    take({ source: "page", version: "1.0.0", reports: [failure, failure] });
    take({ source: "sdk", version: "1.0.0", reports: [{ kind: "connection", code: "4002" }] });
    const seen = { firstSeenMs: 5000, lastSeenMs: 5000 };
    expect(reports.rows()).toEqual([
      { source: "page", kind: "uncaught", code: "TypeError", version: "1.0.0", count: 2, ...seen },
      { source: "sdk", kind: "connection", code: "4002", version: "1.0.0", count: 1, ...seen },
    ]);
    expect(told).toEqual([
      ["page", "uncaught", 1],
      ["page", "uncaught", 1],
      ["sdk", "connection", 1],
    ]);
  });

  it("of one visit in ten stand for ten", () => {
    const { reports, take } = openReports();
    take({ source: "page", version: "1", sampleRate: 0.1, reports: [{ kind: "rejection", code: "Error" }] });
    expect(reports.rows()[0]).toMatchObject({ count: 10 });
  });

  it("of loads become times by step, of those steps that were reached", () => {
    const { reports, take, told } = openReports();
    const load = (firstLineMs: number) => ({ kind: "load", timings: { responseMs: 40, firstLineMs } });
    take({ source: "page", version: "1", reports: [load(400), load(600)] });
    expect(reports.rows()).toEqual([]);
    expect(reports.loads()).toEqual([
      {
        source: "page",
        step: "responseMs",
        count: 2,
        meanMs: 40,
        p50Ms: expect.any(Number),
        p90Ms: expect.any(Number),
      },
      {
        source: "page",
        step: "firstLineMs",
        count: 2,
        meanMs: 500,
        p50Ms: expect.any(Number),
        p90Ms: expect.any(Number),
      },
    ]);
    expect(told).toContainEqual(["firstLineMs", 0.6]);
  });

  it("keep the times of SDKs, which count from joining, apart from those of pages", () => {
    const { reports, take, told } = openReports();
    take({ source: "sdk", version: "1", reports: [{ kind: "load", timings: { joinedMs: 90 } }] });
    expect(reports.loads()).toMatchObject([{ source: "sdk", step: "joinedMs", count: 1 }]);
    expect(told).toEqual([["sdk", "load", 1]]);
  });
});
