import type { ClientReport, LoadStep } from "#schema/client-report.ts";

type Timings = Extract<ClientReport, { kind: "load" }>["timings"];

const LONGEST_MS = 600_000;

export interface LoadWatch {
  /** A step is reached, `atMs` after the load's start; the first time counts. */
  reach(step: LoadStep, atMs: number): void;
  /** The load is over, or given up: what was reached is told, once. */
  end(): void;
}

/** How long loading took, told in one report. */
export function createLoadWatch(tell: (report: ClientReport) => void): LoadWatch {
  const timings: Timings = {};
  let ended = false;
  return {
    reach(step, atMs) {
      if (atMs > 0 && atMs <= LONGEST_MS) timings[step] ??= Math.round(atMs);
    },
    end() {
      if (ended) return;
      ended = true;
      if (Object.keys(timings).length > 0) tell({ kind: "load", timings });
    },
  };
}
