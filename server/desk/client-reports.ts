import {
  CLIENT_SOURCES,
  LOAD_STEPS,
  type ClientReportKind,
  type ClientReports as Sending,
  type ClientSource,
  type LoadStep,
} from "#schema/client-report.ts";
import type { ClientErrorRow, ErrorReport } from "#schema/desk.ts";
import { createDurationHistogram } from "./duration-histogram.ts";
import { createTally, type Tally } from "./tally.ts";

export type ClientErrorKey = Pick<ClientErrorRow, "source" | "kind" | "code" | "version">;

/** Told of each report, for the metrics; `count` is how many it stands for. */
export interface ClientReportListener {
  countClientReport(source: ClientSource, kind: ClientReportKind, count: number): void;
  observeLoad(step: LoadStep, seconds: number): void;
}

/** What pages and SDKs reported. */
export interface ClientReports extends Pick<Tally<ClientErrorKey>, "rows" | "forgotten"> {
  take(sending: Sending): void;
  loads(): ErrorReport["loads"];
}

const MOST_ROWS = 200;

/** Counts reports; how often something happened is estimated from the share of visits that report. */
export function createClientReports(nowMs: () => number, listener: ClientReportListener): ClientReports {
  const tally = createTally<ClientErrorKey>(MOST_ROWS);
  const loads = CLIENT_SOURCES.flatMap((source) =>
    LOAD_STEPS.map((step) => ({ source, step, durations: createDurationHistogram() })),
  );
  return {
    take({ source, version, sampleRate, reports }) {
      const count = Math.round(1 / sampleRate);
      for (const report of reports) {
        listener.countClientReport(source, report.kind, count);
        if (report.kind !== "load") {
          tally.add({ source, kind: report.kind, code: report.code, version }, nowMs(), count);
          continue;
        }
        for (const { step, durations } of loads.filter((each) => each.source === source)) {
          const durationMs = report.timings[step];
          if (durationMs === undefined) continue;
          durations.add(durationMs, count);
          // An SDK counts from its call to join, which is another thing than a page's load.
          if (source === "page") listener.observeLoad(step, durationMs / 1000);
        }
      }
    },
    rows: () => tally.rows(),
    forgotten: () => tally.forgotten(),
    loads: () =>
      loads
        .map(({ source, step, durations }) => ({ source, step, ...durations.figures() }))
        .filter(({ count }) => count > 0),
  };
}
