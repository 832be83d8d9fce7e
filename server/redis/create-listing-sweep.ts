import { matchMaker } from "@colyseus/core";
import type { Clock } from "#ai/clock.ts";
import type { Log } from "../log.ts";

export interface ListingSweep {
  start(): void;
  stop(): void;
}

const SWEEP_EVERY_MS = 10_000;

/**
 * Removes what a process that died left in Redis. Its rooms stay listed otherwise: joins by id to them fail
 * only after seconds, and nobody sweeps them once the process is out of the count of rooms.
 */
export function createListingSweep({ clock, log }: { clock: Clock; log: Log }): ListingSweep {
  let cancel = (): void => {};
  let stopped = false;
  let failing = false;

  async function sweep(): Promise<void> {
    const [rooms, processes, channels] = await Promise.all([
      matchMaker.query({}),
      matchMaker.stats.fetchAll(),
      matchMaker.presence.channels("p:*"),
    ]);
    const present = new Set([`p:${matchMaker.processId}`, ...channels]);
    const listed = new Set([...rooms, ...processes].map(({ processId }) => processId));
    for (const processId of listed) {
      if (present.has(`p:${processId}`) || (await matchMaker.healthCheckProcessId(processId))) continue;
      log.warn({ processId }, "a process died; its rooms were taken from the listing");
    }
  }

  async function run(): Promise<void> {
    try {
      await sweep();
      failing = false;
    } catch (err) {
      if (!failing) log.warn({ err }, "the listing of rooms could not be swept; trying on");
      failing = true;
    }
    if (!stopped) cancel = clock.after(SWEEP_EVERY_MS, () => void run());
  }

  return {
    start() {
      cancel = clock.after(SWEEP_EVERY_MS, () => void run());
    },
    stop() {
      stopped = true;
      cancel();
    },
  };
}
