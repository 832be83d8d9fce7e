import type { ClientReport } from "#schema/client-report.ts";
import type { Timers } from "../timers.ts";

/** As many as the server takes in one sending. */
const MOST_REPORTS = 20;
const MOST_PER_MINUTE = 4;
const GATHER_MS = 20_000;

export interface ReportQueue {
  /** Keeps a report until enough time has passed to send it with others; too many at once are dropped. */
  add(report: ClientReport): void;
  /** Sends now what is kept, as when the page is left; nothing while offline, or when it was too often already. */
  flush(): void;
}

/** Gathers reports, so that a page in trouble does not trouble its server. */
export function createReportQueue(deps: {
  send(reports: ClientReport[]): void;
  isOnline(): boolean;
  timers: Timers;
}): ReportQueue {
  const { timers } = deps;
  let kept: ClientReport[] = [];
  let sentAtMs: number[] = [];
  let cancel: (() => void) | undefined;

  function wait(): void {
    cancel ??= timers.after(GATHER_MS, () => {
      cancel = undefined;
      flush();
    });
  }

  function flush(): void {
    if (kept.length === 0) return;
    const nowMs = timers.nowMs();
    sentAtMs = sentAtMs.filter((atMs) => nowMs - atMs < 60_000);
    if (!deps.isOnline() || sentAtMs.length >= MOST_PER_MINUTE) return wait();
    cancel?.();
    cancel = undefined;
    const reports = kept;
    kept = [];
    sentAtMs.push(nowMs);
    deps.send(reports);
  }

  return {
    add(report) {
      if (kept.length >= MOST_REPORTS) return;
      kept.push(report);
      wait();
    },
    flush,
  };
}
