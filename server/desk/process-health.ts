import { monitorEventLoopDelay, performance } from "node:perf_hooks";
import type { ProcessReport } from "#schema/desk.ts";
import type { Clock } from "#ai/clock.ts";

export type ProcessFigures = Pick<ProcessReport, "cpuShare" | "eventLoopDelay" | "memory">;

/** How this process is doing, by what Node measures of it. */
export interface ProcessHealth {
  start(): void;
  stop(): void;
  figures(): ProcessFigures;
}

const WINDOW_MS = 60_000;
/**
 * How often the delay is probed; Node's figures include this wait. A room's server sleeps most of the time, and to be
 * woken every 10 or 20 ms cost it as much as a sixth of the lines it sends.
 */
const PROBE_MS = 100;
const NS_PER_MS = 1e6;

/** Figures of the last whole minute, or of the time since the start while that is shorter. */
export function createProcessHealth(clock: Clock): ProcessHealth {
  const probe = monitorEventLoopDelay({ resolution: PROBE_MS });
  let cpu = process.cpuUsage();
  let sinceMs = performance.now();
  let lastMinute: Pick<ProcessFigures, "cpuShare" | "eventLoopDelay"> | null = null;
  let cancel: (() => void) | undefined;

  const toDelayMs = (nanoseconds: number): number =>
    Math.max(0, Math.round((nanoseconds / NS_PER_MS - PROBE_MS) * 10) / 10);

  function readMinute(): Pick<ProcessFigures, "cpuShare" | "eventLoopDelay"> {
    const { user, system } = process.cpuUsage(cpu);
    const elapsedMs = performance.now() - sinceMs;
    return {
      cpuShare: elapsedMs > 0 ? (user + system) / 1000 / elapsedMs : null,
      eventLoopDelay: {
        p50Ms: toDelayMs(probe.percentile(50)),
        p99Ms: toDelayMs(probe.percentile(99)),
        maxMs: toDelayMs(probe.max),
      },
    };
  }

  function turn(): void {
    lastMinute = readMinute();
    begin();
  }

  function begin(): void {
    probe.reset();
    cpu = process.cpuUsage();
    sinceMs = performance.now();
    cancel = clock.after(WINDOW_MS, turn);
  }

  return {
    start() {
      probe.enable();
      begin();
    },
    stop() {
      cancel?.();
      probe.disable();
    },
    figures() {
      const { rss, heapUsed, heapTotal, external } = process.memoryUsage();
      return {
        ...(lastMinute ?? readMinute()),
        memory: {
          rssBytes: rss,
          heapUsedBytes: heapUsed,
          heapTotalBytes: heapTotal,
          externalBytes: external,
        },
      };
    },
  };
}
