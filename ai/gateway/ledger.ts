import { wait } from "./wait.ts";
import type { Clock } from "../clock.ts";
import type { LedgerEntry, LedgerPort } from "./ports.ts";

/** The books: entries go to the store in groups, in the order in which they were made. */
export interface Ledger {
  /** Resolves when the entry is safe, or when the store has failed to keep it so far: it is tried on until it is. */
  book(entry: LedgerEntry): Promise<void>;
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

const MOST_AT_ONCE = 500;
/** Calls go on while the store is away for a moment, but not for long. */
const MOST_WAITING = 1_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;

interface Waiting {
  readonly entry: LedgerEntry;
  readonly resolve: () => void;
}

/** One write at a time: what is booked meanwhile goes with the next. */
export function createLedger({ port, clock, onError }: LedgerDeps): Ledger {
  let waiting: Waiting[] = [];
  let failures = 0;
  let writing: Promise<void> | undefined;
  const closing = new AbortController();

  async function write(): Promise<void> {
    while (waiting.length > 0) {
      const group = waiting.slice(0, MOST_AT_ONCE);
      try {
        await port.append(group.map(({ entry }) => entry));
        waiting = waiting.slice(group.length);
        failures = 0;
      } catch (error) {
        if (failures++ === 0) onError(error);
        if (closing.signal.aborted) break;
        const waitMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - 1));
        for (const { resolve } of group) resolve();
        await wait(waitMs, clock, closing.signal);
      }
      for (const { resolve } of group) resolve();
    }
    writing = undefined;
  }

  return {
    async book(entry) {
      await new Promise<void>((resolve) => {
        waiting.push({ entry, resolve });
        writing ??= Promise.resolve().then(write);
        // During an outage nobody waits.
        if (failures > 0) resolve();
      });
    },
    isBehind: () => waiting.length > MOST_WAITING,
    async close() {
      closing.abort();
      await writing;
    },
  };
}
