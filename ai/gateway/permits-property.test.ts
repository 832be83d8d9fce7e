import { array, assert, asyncProperty, constant, integer, nat, oneof, record } from "fast-check";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { askFor, openPermits, settle } from "./permits.fixture.ts";
import type { Permit } from "./with-permits.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

type Step =
  | { readonly do: "ask"; readonly waitMs: number }
  | { readonly do: "abort" | "release"; readonly which: number }
  | { readonly do: "pass" | "pause"; readonly forMs: number };

const step = oneof(
  { weight: 4, arbitrary: record({ do: constant("ask" as const), waitMs: integer({ min: 1, max: 9_000 }) }) },
  { weight: 2, arbitrary: record({ do: constant("abort" as const), which: nat() }) },
  { weight: 3, arbitrary: record({ do: constant("release" as const), which: nat() }) },
  { weight: 2, arbitrary: record({ do: constant("pass" as const), forMs: integer({ min: 0, max: 4_000 }) }) },
  {
    weight: 1,
    arbitrary: record({ do: constant("pause" as const), forMs: integer({ min: 0, max: 3_000 }) }),
  },
);

interface Call {
  readonly leaving: AbortController;
  permit?: Permit;
  isOver?: boolean;
}

/** Plays the steps, and compares what the permits say with what the calls know. */
async function play(concurrency: number, steps: readonly Step[]): Promise<void> {
  const permits = openPermits({ concurrency });
  const calls: Call[] = [];
  const running = () => calls.filter(({ permit, isOver }) => permit && !isOver);
  const waiting = () => calls.filter(({ permit, isOver }) => !permit && !isOver);
  const end = (call: Call | undefined) => {
    call?.permit?.release();
    if (call) call.isOver = true;
  };
  const ask = (waitMs: number) => {
    const call: Call = { leaving: new AbortController() };
    calls.push(call);
    permits.acquire(call.leaving.signal, waitMs).then(
      (permit) => (call.permit = permit),
      () => (call.isOver = true),
    );
  };

  for (const now of steps) {
    if (now.do === "ask") ask(now.waitMs);
    else if (now.do === "abort") pick(waiting(), now.which)?.leaving.abort();
    else if (now.do === "release") end(pick(running(), now.which));
    else if (now.do === "pause") permits.pauseFor(now.forMs);
    await vi.advanceTimersByTimeAsync(now.do === "pass" ? now.forMs : 0);
    expect(permits.figures()).toEqual({ inUse: running().length, waiting: waiting().length });
    expect(running().length).toBeLessThanOrEqual(concurrency);
  }

  // By now all have either begun or given up.
  await vi.advanceTimersByTimeAsync(10_000);
  for (const call of running()) end(call);
  expect(permits.figures()).toEqual({ inUse: 0, waiting: 0 });
  const all = askFor(permits, concurrency);
  await settle();
  expect(all.started).toHaveLength(concurrency);
  for (const { permit } of all.started) permit.release();
  await Promise.all([permits.close(), settle()]);
  expect(vi.getTimerCount()).toBe(0);
}

const pick = <T>(list: readonly T[], which: number): T | undefined => list[which % list.length];

it("permits are never too many and never lost, whatever comes in which order", async () => {
  const concurrency = integer({ min: 1, max: 5 });
  await assert(asyncProperty(concurrency, array(step, { maxLength: 60 }), play), { seed: 6, numRuns: 150 });
});
