import { wait } from "./wait.ts";
import type { Clock } from "../clock.ts";
import type { LedgerEntry, LedgerPort } from "./ports.ts";

/** The books: entries go to the store in groups, in the order in which they were made. */
export interface Ledger {
  /** Nobody waits for it: what the store does not take is tried on until it does. */
  book(entry: LedgerEntry): void;
  /** Whether so many entries wait for the store that nothing more should be spent. */
  isBehind(): boolean;
  /** Resolves when all are safe, or at the latest when the store has failed once more. */
  close(): Promise<void>;
}

export interface LedgerDeps {
  readonly port: LedgerPort;
  readonly clock: Clock;
  /** Told once of every outage. */
  readonly onError: (error: unknown) => void;
}

/**
 * An entry waits this long for others: at some calls a second, writing each on its own would cost more than all else in
 * the gateway. A process that is killed may lose the entries of its last moment.
 */
const GROUP_MS = 250;
const MOST_AT_ONCE = 500;
/** Calls go on while the store is away for a moment, but not for long… */
const MOST_WAITING_AWAY = 1_000;
/** …and while it only has much to do, until that becomes a matter of memory. */
const MOST_WAITING = 50_000;
/** Failures in a row after which entries go one by one. */
const ALONE_AFTER = 3;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;

/** One write at a time: what is booked meanwhile goes with the next. */
export function createLedger({ port, clock, onError }: LedgerDeps): Ledger {
  let waiting: LedgerEntry[] = [];
  let writing: Promise<void> | undefined;
  /** In a row. */
  let failures = 0;
  const closing = new AbortController();

  async function write(): Promise<void> {
    await wait(GROUP_MS, clock, closing.signal);
    while (waiting.length > 0) {
      const group = waiting.slice(0, failures >= ALONE_AFTER ? 1 : MOST_AT_ONCE);
      try {
        await port.append(group);
        waiting = waiting.slice(group.length);
        failures = 0;
      } catch (error) {
        if (failures++ === 0) onError(error);
        if (closing.signal.aborted) break;
        // One entry that the store will not have must not keep all others from it.
        if (failures > ALONE_AFTER) waiting = [...waiting.slice(1), ...waiting.slice(0, 1)];
        await wait(Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - 1)), clock, closing.signal);
      }
    }
    writing = undefined;
  }

  return {
    book(entry) {
      waiting.push(entry);
      writing ??= write();
    },
    isBehind: () => waiting.length > (failures > 0 ? MOST_WAITING_AWAY : MOST_WAITING),
    async close() {
      closing.abort();
      await writing;
    },
  };
}
