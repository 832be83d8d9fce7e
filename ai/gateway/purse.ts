import type { Clock } from "../clock.ts";
import type { PursesPort } from "./ports.ts";

/**
 * One of the store's purses as a process uses it: it takes blocks and hands them out among its calls, so that a call
 * costs no write of its own.
 */
export interface Purse {
  readonly id: string;
  /** Takes it from what this process has already, without asking the store; false when that is not enough. */
  hand(amountNanoUsd: number): boolean;
  /** False when the limit allows no more. @throws what the store throws */
  take(amountNanoUsd: number, limitNanoUsd: number): Promise<boolean>;
  /** Ends what was taken for one call, of which that much was spent, be it more than was taken. */
  settle(takenNanoUsd: number, spentNanoUsd: number): void;
  /** A limit may have changed: asks the store again. */
  forgetRefusals(): void;
  /** Gives back what lies idle, or shows now and then that it is in use. @throws what the store throws */
  tidy(idleMs: number): Promise<void>;
  /** Whether nothing of it is in use, so that it may be dropped. */
  isUnused(): boolean;
}

export interface PurseDeps {
  readonly port: PursesPort;
  readonly clock: Clock;
  /** Told what is taken in all, before and after every block; a refusal near the limit counts as the limit itself. */
  readonly onTaken: (before: number, after: number, limitNanoUsd: number) => void;
}

/** A block is at most this share of the limit, so that little is kept from other processes… */
const LARGEST_SHARE = 1 / 100;
/** …and enough for this many calls like the one that needs it. */
const CALLS_AHEAD = 50;
/** What was refused is not asked for again so soon. */
const REFUSED_FOR_MS = 10_000;
/** Who is refused no more than this share of the limit has come to its end. */
const END_SHARE = 1 / 20;
const NEVER = { amount: Number.POSITIVE_INFINITY, atMs: 0 };
/** A little less than the time after which others take this process for dead, and its block for theirs. */
const HOLDS_FOR_MS = 8 * 60_000;
/** Often enough that a store that fails once or twice does not matter. */
const SHOWN_EVERY_MS = 2 * 60_000;

export function createPurse(id: string, { port, clock, onTaken }: PurseDeps): Purse {
  /** Taken from the store, neither spent nor reserved by a call. Below nothing: spent beyond what was taken. */
  let free = 0;
  /** Reserved by calls. */
  let reserved = 0;
  /** Of what calls still hold, what the store has taken back meanwhile. */
  let lost = 0;
  let usedAtMs = clock.nowMs();
  /** When the store last heard of this process. */
  let shownAtMs = clock.nowMs();
  let refused = NEVER;
  /** One after the other: two calls must not both believe that a block is for them. */
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;

  /** Cut off from the store for so long, what was taken is not this process's any more. */
  const loseStale = (): void => {
    if (clock.nowMs() - shownAtMs < HOLDS_FOR_MS) return;
    free = Math.min(free, 0);
    lost += reserved;
    reserved = 0;
  };

  const handOut = (amount: number): boolean => {
    loseStale();
    if (free < amount) return false;
    free -= amount;
    reserved += amount;
    usedAtMs = clock.nowMs();
    return true;
  };

  const takeBlock = async (amount: number, limit: number): Promise<boolean> => {
    const taken = await port.take(id, amount, limit, clock.nowMs());
    if (taken === null) return false;
    shownAtMs = clock.nowMs();
    free += amount;
    onTaken(taken - amount, taken, limit);
    return true;
  };

  const refill = async (amount: number, limit: number): Promise<boolean> => {
    if (handOut(amount)) return true;
    const shortage = amount - free;
    const wasRefused = clock.nowMs() - refused.atMs < REFUSED_FOR_MS && shortage >= refused.amount;
    if (wasRefused) return false;
    const block = Math.max(shortage, Math.min(Math.floor(limit * LARGEST_SHARE), amount * CALLS_AHEAD));
    const isTaken =
      (await takeBlock(block, limit)) || (block > shortage && (await takeBlock(shortage, limit)));
    if (isTaken) return handOut(amount);
    refused = { amount: shortage, atMs: clock.nowMs() };
    if (shortage <= limit * END_SHARE) onTaken(0, limit, limit);
    return false;
  };

  return {
    id,
    // Whoever waits was there before.
    hand: (amount) => waiting === 0 && handOut(amount),
    async take(amount, limit) {
      waiting++;
      const turn = last.then(() => refill(amount, limit));
      last = turn.catch(() => undefined);
      try {
        return await turn;
      } finally {
        waiting--;
      }
    },
    settle(taken, spent) {
      const gone = Math.min(lost, taken);
      lost -= gone;
      reserved -= taken - gone;
      free += taken - gone - spent;
      usedAtMs = clock.nowMs();
    },
    forgetRefusals() {
      refused = NEVER;
    },
    async tidy(idleMs) {
      loseStale();
      const isIdle = clock.nowMs() - usedAtMs >= idleMs && waiting === 0;
      if (!isIdle && clock.nowMs() - shownAtMs < SHOWN_EVERY_MS) return;
      const back = isIdle ? free : 0;
      free -= back;
      try {
        await port.giveBack(id, back, clock.nowMs());
        shownAtMs = clock.nowMs();
      } catch (error) {
        // Nobody knows whether it was given back: better too much stays taken, until the purse is healed, than too little.
        free += Math.min(back, 0);
        throw error;
      }
    },
    isUnused: () => free === 0 && reserved === 0 && lost === 0 && waiting === 0,
  };
}
