import type { Clock } from "../clock.ts";
import { createOutage } from "../pool/outage.ts";
import type { PoolLog } from "../pool/pool-log.ts";
import type { ArmCounters } from "./arm-counters.ts";
import type { ArmDaysPort } from "./ports.ts";

/** Writes what this process saw of the arms to the store, where all processes' records add up. */
export interface ArmReporter {
  /** From now on, every minute. */
  start(): void;
  /** Writes what has changed. @throws what the store throws; nothing is lost then */
  report(): Promise<void>;
  /** Ends the reporting with a last report; a store that fails then is logged. */
  stop(): Promise<void>;
}

export interface ArmReporterDeps {
  readonly counters: Pick<ArmCounters, "takeChanged" | "giveBack">;
  readonly armDays: Pick<ArmDaysPort, "keep">;
  readonly clock: Clock;
  readonly log: Pick<PoolLog, "info" | "warn">;
}

const EVERY_MS = 60_000;

export function createArmReporter({ counters, armDays, clock, log }: ArmReporterDeps): ArmReporter {
  let cancel: (() => void) | undefined;
  let stopped = false;
  let writing = Promise.resolve();
  const outage = createOutage(
    (error) => log.warn({ error }, "results of experiments cannot be kept; trying on"),
    () => log.info({}, "results of experiments are kept again"),
  );

  async function write(): Promise<void> {
    const days = counters.takeChanged();
    for (const [at, day] of days.entries()) {
      try {
        await armDays.keep(day);
      } catch (error) {
        counters.giveBack(days.slice(at));
        throw error;
      }
    }
  }

  /** One after another, so that no older record takes the place of a newer one. */
  function report(): Promise<void> {
    writing = writing.then(write, write);
    return writing;
  }

  async function tryReport(): Promise<void> {
    try {
      await report();
      outage.ended();
    } catch (error) {
      outage.began(error);
    }
  }

  function later(): void {
    cancel = clock.after(EVERY_MS, () => void tryReport().then(() => stopped || later()));
  }

  return {
    start: later,
    report,
    async stop() {
      stopped = true;
      cancel?.();
      await tryReport();
    },
  };
}
