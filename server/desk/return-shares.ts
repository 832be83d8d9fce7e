import type { ReturnShare } from "#schema/desk.ts";
import type { Newcomer } from "#data/repositories/users.ts";
import type { Clock } from "#ai/clock.ts";

/** Users by when they first came, newest first. */
export interface ReadNewcomers {
  (fromMs: number, untilMs: number, limit: number): Promise<readonly Newcomer[]>;
}

const DAY_MS = 86_400_000;
const AFTER_DAYS = [1, 7];
/** Newcomers of so many days make up a figure. */
const COHORT_DAYS = 7;
/** Enough for a share within 1 %. */
const MOST_NEWCOMERS = 5000;
/** The figures hardly move within an hour, and cost two readings of thousands of records. */
const REMEMBERED_MS = 10 * 60_000;

/**
 * How many come back after 1 and 7 days, read off the dates that every user's record has: first and last visit. The
 * newcomers of a week all had a whole day in which to come back. A last visit is known to the hour, and whoever came
 * later than that day counts too, so this is "came back after n days or more". Of all processes, restarts included.
 */
export function createReturnShares(clock: Clock, readNewcomers: ReadNewcomers): () => Promise<ReturnShare[]> {
  let remembered: Promise<ReturnShare[]> | null = null;
  let readAtMs = 0;

  async function readShare(afterDays: number, nowMs: number): Promise<ReturnShare> {
    const untilMs = nowMs - (afterDays + 1) * DAY_MS;
    const newcomers = await readNewcomers(untilMs - COHORT_DAYS * DAY_MS, untilMs, MOST_NEWCOMERS);
    const returned = newcomers.filter(
      ({ createdAtMs, lastSeenAtMs }) => lastSeenAtMs - createdAtMs >= afterDays * DAY_MS,
    ).length;
    const share = newcomers.length > 0 ? returned / newcomers.length : null;
    return { afterDays, newcomers: newcomers.length, returned, share };
  }

  return async () => {
    const nowMs = clock.nowMs();
    if (!remembered || nowMs - readAtMs >= REMEMBERED_MS) {
      readAtMs = nowMs;
      remembered = Promise.all(AFTER_DAYS.map((days) => readShare(days, nowMs)));
      remembered.catch(() => (remembered = null));
    }
    return remembered;
  };
}
