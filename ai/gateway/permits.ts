import { ProviderError, type ProviderFault } from "../providers/provider-error.ts";
import { openSources, type SourceOptions } from "./bottleneck-blocks.ts";
import { createSlots, createStarts } from "./permit-budgets.ts";
import type { Permit, Permits } from "./with-permits.ts";

export interface PermitsOptions extends Omit<SourceOptions, "slotLifeMs"> {
  readonly slotLifeMs?: number;
}

/**
 * In Redis, slots of a process that died are free again after this long. Bottleneck cannot prolong a job, so one that
 * lives gives each block back when a third of it is over and takes another: the minute that is left is for the calls
 * in it to end, and is what an answer may take.
 */
const SLOT_LIFE_MS = 90_000;

/**
 * Hands out permits in the order they are asked for. Each takes a slot, which comes back with it, and a start, which
 * does not. With Redis lost, what this process has is used up; then calls find the provider busy until it is back. A
 * Redis that has forgotten all hands the limits out anew, so for one life of slots there may be too many calls.
 */
export function createPermits({ slotLifeMs = SLOT_LIFE_MS, ...options }: PermitsOptions): Permits {
  const { provider, limits, clock, redisUrl } = options;
  const sources = openSources({ ...options, slotLifeMs });
  const deps = { clock, onMore: () => settle() };
  const renewAfterMs = redisUrl === undefined ? undefined : slotLifeMs / 3;
  const slots = createSlots(sources.slots, { ...deps, concurrency: limits.concurrency, renewAfterMs });
  const starts = createStarts(sources.starts, { ...deps, requestsPerMinute: limits.requestsPerMinute });
  const line = createLine();
  let pausedUntilMs = -Infinity;
  let cancelPause: (() => void) | undefined;
  let isClosed = false;
  let willSettle = false;

  const mayStart = (): boolean => slots.free() > 0 && starts.free() > 0 && clock.nowMs() >= pausedUntilMs;

  const start = (): Permit => {
    slots.use();
    const block = starts.use();
    let isHeld = true;
    return {
      release(isUnused = false) {
        if (!isHeld) return;
        isHeld = false;
        slots.giveBack();
        if (isUnused && block) starts.giveBack(block);
        settle();
      },
    };
  };

  /** Lets start who may, and asks for what the others need. */
  const settle = (): void => {
    for (let first = line.first(); first && mayStart(); first = line.first()) first.leave(start());
    if (line.size() === 0) return;
    // Starts lapse: none are fetched for who has no slot.
    starts.want(slots.want(line.size()));
  };

  /** Calls that come together are counted before anything is asked for. */
  const settleSoon = (): void => {
    if (willSettle) return;
    willSettle = true;
    queueMicrotask(() => {
      willSettle = false;
      settle();
    });
  };

  const waitInLine = async (signal: AbortSignal, waitMs: number): Promise<Permit> =>
    await new Promise<Permit>((resolve, reject) => {
      const place = line.join((outcome) => {
        cancel();
        signal.removeEventListener("abort", abort);
        if (typeof outcome === "string") reject(new ProviderError(provider, outcome));
        else resolve(outcome);
      });
      const abort = () => place.leave("aborted");
      const cancel = clock.after(waitMs, () => place.leave("busy"));
      signal.addEventListener("abort", abort, { once: true });
      settleSoon();
    });

  /** Whoever waits was there before. */
  const hand = (): Permit | undefined => (line.size() === 0 && !isClosed && mayStart() ? start() : undefined);

  return {
    hand,
    async acquire(signal, waitMs) {
      if (signal.aborted) throw new ProviderError(provider, "aborted");
      // A pause is never cut short, so it would be waited for in vain.
      if (isClosed || pausedUntilMs - clock.nowMs() > waitMs) throw new ProviderError(provider, "busy");
      return hand() ?? (await waitInLine(signal, waitMs));
    },
    pauseFor(pauseMs) {
      const untilMs = clock.nowMs() + pauseMs;
      if (untilMs <= pausedUntilMs || isClosed) return;
      pausedUntilMs = untilMs;
      cancelPause?.();
      cancelPause = clock.after(pauseMs, settle);
    },
    figures: () => ({ inUse: slots.inUse(), waiting: line.size() }),
    async close() {
      isClosed = true;
      cancelPause?.();
      for (let first = line.first(); first; first = line.first()) first.leave("busy");
      slots.close();
      starts.close();
      await sources.close();
    },
  };
}

type Outcome = Permit | Extract<ProviderFault, "busy" | "aborted">;

interface Place {
  /** At most once. */
  leave(outcome: Outcome): void;
}

interface LinkedPlace extends Place {
  before: LinkedPlace | undefined;
  after: LinkedPlace | undefined;
}

/** Who waits, linked in order: joining and leaving cost the same however long it is, and who left is forgotten. */
function createLine() {
  let first: LinkedPlace | undefined;
  let last: LinkedPlace | undefined;
  let size = 0;

  const unlink = ({ before, after }: LinkedPlace): void => {
    if (before) before.after = after;
    else first = after;
    if (after) after.before = before;
    else last = before;
    size--;
  };

  return {
    size: () => size,
    first: (): Place | undefined => first,
    join(onLeave: (outcome: Outcome) => void): Place {
      const place: LinkedPlace = {
        before: last,
        after: undefined,
        leave(outcome) {
          unlink(place);
          onLeave(outcome);
        },
      };
      if (last) last.after = place;
      else first = place;
      last = place;
      size++;
      return place;
    },
  };
}
