import type { Clock } from "../clock.ts";
import type { PursesPort } from "./ports.ts";

/**
 * One of the store's purses as a process uses it: it takes blocks and hands them out among its calls, so that a call
 * costs no write of its own.
 */
export interface Purse {
  readonly id: string;
  /** False when the limit allows no more. @throws what the store throws */
  take(amountNanoUsd: number, limitNanoUsd: number): Promise<boolean>;
  /** Ends what was taken for one call, of which that much was spent, be it more than was taken. */
  settle(takenNanoUsd: number, spentNanoUsd: number): void;
  /** A limit may have changed: asks the store again. */
  forgetRefusals(): void;
  /** Gives back what lies idle, or shows that it is in use. True when nothing of it is in use any more. */
  tidy(idleMs: number): Promise<boolean>;
}

export interface PurseDeps {
  readonly port: PursesPort;
  readonly clock: Clock;
  /** Told what is taken in all, before and after every block; a refusal counts as the limit itself. */
  readonly onTaken: (before: number, after: number, limitNanoUsd: number) => void;
}

/** A block is at most this share of the limit, so that little is kept from other processes… */
const LARGEST_SHARE = 1 / 100;
/** …and enough for this many calls like the one that needs it. */
const CALLS_AHEAD = 50;
/** What was refused is not asked for again so soon. */
const REFUSED_FOR_MS = 10_000;
const NEVER = { amount: Number.POSITIVE_INFINITY, atMs: 0 };

export function createPurse(id: string, { port, clock, onTaken }: PurseDeps): Purse {
  /** Taken from the store, neither spent nor reserved by a call. */
  let free = 0;
  /** Reserved by calls. */
  let reserved = 0;
  let usedAtMs = clock.nowMs();
  let refused = NEVER;
  /** One after the other: two calls must not both believe that a block is for them. */
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;

  const hand = (amount: number): boolean => {
    if (free < amount) return false;
    free -= amount;
    reserved += amount;
    usedAtMs = clock.nowMs();
    return true;
  };

  const takeBlock = async (amount: number, limit: number): Promise<boolean> => {
    const taken = await port.take(id, amount, limit, clock.nowMs());
    if (taken === null) return false;
    free += amount;
    onTaken(taken - amount, taken, limit);
    return true;
  };

  const refill = async (amount: number, limit: number): Promise<boolean> => {
    if (hand(amount)) return true;
    const shortage = amount - free;
    const wasRefused = clock.nowMs() - refused.atMs < REFUSED_FOR_MS && shortage >= refused.amount;
    if (wasRefused) return false;
    const block = Math.max(shortage, Math.min(Math.floor(limit * LARGEST_SHARE), amount * CALLS_AHEAD));
    const isTaken =
      (await takeBlock(block, limit)) || (block > shortage && (await takeBlock(shortage, limit)));
    if (isTaken) return hand(amount);
    refused = { amount: shortage, atMs: clock.nowMs() };
    onTaken(0, limit, limit);
    return false;
  };

  return {
    id,
    async take(amount, limit) {
      if (waiting === 0 && hand(amount)) return true;
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
      free += taken - spent;
      reserved -= taken;
      usedAtMs = clock.nowMs();
    },
    forgetRefusals() {
      refused = NEVER;
    },
    async tidy(idleMs) {
      const isIdle = clock.nowMs() - usedAtMs >= idleMs && waiting === 0;
      const back = isIdle ? free : 0;
      free -= back;
      try {
        await port.giveBack(id, back, clock.nowMs());
      } catch (error) {
        free += back;
        throw error;
      }
      return isIdle && reserved === 0 && free === 0;
    },
  };
}
