import type { FakeClock } from "#ai/fake-clock.ts";
import { BATCH_SIZE, HOUR_MS } from "#ai/pool/batch-hours.ts";
import { inParallel } from "#loadtest/drivers/in-parallel.ts";
import { sliceOf } from "#loadtest/run-slices.ts";
import type { Viewer } from "./draw-viewers.bench.ts";
import { letTimePassUntil } from "./let-time-pass.bench.ts";
import type { House } from "./open-house.bench.ts";

/** What viewers got in a day, checked from what they were given. */
export interface Played {
  readonly views: number;
  /** Of the views: nothing, no messages, a role without a chatling, or a conversation whose time was over. */
  readonly empty: number;
  /** Of a conversation that this viewer had been given before. */
  readonly repeated: number;
  /** Of this process: the store, which is in it, included. */
  readonly cpuPerViewUs: number;
}

export interface Day {
  /** A full hour. */
  readonly startMs: number;
  readonly hours: number;
  /** Indexes of viewers, in the order in which they come. */
  readonly visits: readonly number[];
}

const SLICES_AN_HOUR = 60;
const SLICE_MS = HOUR_MS / SLICES_AN_HOUR;
/** So soon before a full hour time slows down: the job is not to be outrun, as it has to find that a batch is due. */
const SLOW_MS = 100;
/** Views under way. */
const WIDTH = 64;

/**
 * Plays a day from a full hour on. Each hour's batch is written when the job finds that it is due; viewers come evenly
 * through the day, a minute's worth at a time. Ends before the last hour does, so that no further batch is due.
 */
export async function playDay(
  house: House,
  viewers: readonly Viewer[],
  { startMs, hours, visits }: Day,
  onHour: (hour: number) => void,
): Promise<Played> {
  const { clock } = house;
  const view = createVisit(house, viewers);
  const sum = { empty: 0, repeated: 0 };
  let cpuUs = 0;
  for (let slice = 0; slice < hours * SLICES_AN_HOUR; slice++) {
    const dueMs = startMs + slice * SLICE_MS;
    const hour = slice / SLICES_AN_HOUR;
    if (Number.isInteger(hour)) {
      onHour(hour);
      await advanceTo(clock, dueMs - SLOW_MS);
      await letTimePassUntil(clock, {
        what: "an hour's batch",
        isSo: () => house.written() >= (hour + 1) * BATCH_SIZE,
        byMs: dueMs + HOUR_MS / 2,
      });
    }
    await advanceTo(clock, dueMs);
    const before = process.cpuUsage();
    const outcomes = await inParallel(sliceOf(visits, slice, hours * SLICES_AN_HOUR), WIDTH, view);
    const { user, system } = process.cpuUsage(before);
    cpuUs += user + system;
    for (const outcome of outcomes) if (outcome !== "new") sum[outcome]++;
  }
  return { views: visits.length, ...sum, cpuPerViewUs: cpuUs / visits.length };
}

/** Goes nowhere when that is over. */
async function advanceTo(clock: FakeClock, atMs: number): Promise<void> {
  if (atMs > clock.nowMs()) await clock.advance(atMs - clock.nowMs());
}

/** One viewer's coming by; what they had before is remembered here, beside the store. */
function createVisit({ pool, clock }: House, viewers: readonly Viewer[]) {
  const had = new Map<string, string[]>();
  return async (index: number): Promise<"new" | "empty" | "repeated"> => {
    const { userId, chatlings } = viewers[index] as Viewer;
    const taken = await pool.chooser.take({ userId, chatlings });
    if (!taken) return "empty";
    const { conversation, cast } = taken;
    const isWhole = conversation.messages.length > 0 && cast.length === conversation.roles.length;
    if (!isWhole || conversation.expiresAtMs <= clock.nowMs()) return "empty";
    const before = had.get(userId) ?? [];
    if (before.includes(conversation.id)) return "repeated";
    had.set(userId, [...before, conversation.id]);
    return "new";
  };
}
