import type { ClientReports } from "#schema/client-report.ts";
import { createReportQueue, type ReportQueue } from "../reports/report-queue.ts";
import { idleTimers } from "../timers.ts";
import type { FetchLike } from "./http-client.ts";

/** What a program tells the server's operator of itself: kinds of errors and load times, never a text. */
export interface Reports {
  /**
   * Sends a few reports, without a token; also while the page is being left. Never fails: a report that does not
   * arrive is lost. The server takes ten sendings a minute from one address, so gather them. When you report of some
   * visits only, chosen at random, give their share as `sampleRate`.
   */
  send(reports: ClientReports): Promise<void>;
  /**
   * Gathers the reports of a program of yours and sends them together, a few times a minute at most and when the page
   * is left. Where the client's `reports.sampleRate` leaves this visit out, or is not given, nothing is sent.
   */
  gather(program: Pick<ClientReports, "source" | "version">): ReportQueue;
}

/** What the client reports by itself. */
export interface ReportSettings {
  /** The share of clients, chosen at random, that report: from 0.01 to 1, or 0 for none. */
  sampleRate: number;
}

/** Without settings only `send` reports. Throws a `RangeError` for a share that is none. */
export function createReports(deps: {
  url: string;
  fetch: FetchLike;
  settings?: ReportSettings | undefined;
  random?: () => number;
}): Reports {
  const { sampleRate = 0 } = deps.settings ?? {};
  if (sampleRate !== 0 && !(sampleRate >= 0.01 && sampleRate <= 1)) {
    throw new RangeError("reports.sampleRate is a share from 0.01 to 1, or 0");
  }
  const isChosen = (deps.random ?? Math.random)() < sampleRate;
  const address = `${deps.url.replace(/\/+$/, "")}/api/client-errors`;

  async function send(reports: ClientReports): Promise<void> {
    try {
      await deps.fetch(address, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(reports),
        credentials: "omit",
        keepalive: true,
      });
    } catch {
      // Reporting an error must not be one.
    }
  }

  return {
    send,
    gather(program) {
      if (!isChosen) return { add: () => undefined, flush: () => undefined };
      const queue = createReportQueue({
        send: (reports) => void send({ ...program, sampleRate, reports }),
        isOnline,
        timers: idleTimers,
      });
      if (typeof document !== "undefined") addEventListener("pagehide", () => queue.flush());
      return queue;
    },
  };
}

/** Node does not say. */
function isOnline(): boolean {
  const device: { readonly onLine?: boolean } | undefined = globalThis.navigator;
  return device?.onLine ?? true;
}
