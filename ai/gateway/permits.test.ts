import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { askFor, never, openPermits, settle } from "./permits.fixture.ts";

// The library reads the system's clock and timers.
beforeEach(() => void vi.useFakeTimers());
afterEach(async () => {
  await settle();
  vi.useRealTimers();
});

describe("permits", () => {
  it("let as many calls run at once as the provider takes, first come, first served", async () => {
    const permits = openPermits({ concurrency: 3 });
    const { started } = askFor(permits, 8);
    await settle();
    expect(permits.figures()).toEqual({ inUse: 3, waiting: 5 });
    for (let ended = 0; ended < 8; ended++) {
      started[ended]?.permit.release();
      await settle();
    }
    expect(started.map(({ at }) => at)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(permits.figures()).toEqual({ inUse: 0, waiting: 0 });
  });

  it("let as many calls start in a minute as the provider takes", async () => {
    const permits = openPermits({ requestsPerMinute: 10 });
    const { started } = askFor(permits, 25);
    for (const expected of [10, 20, 25]) {
      await vi.advanceTimersByTimeAsync(59_000);
      expect(started).toHaveLength(expected);
      await vi.advanceTimersByTimeAsync(1_500);
    }
  });

  it("that were not used within their minute are fetched anew", async () => {
    const permits = openPermits({ requestsPerMinute: 100 });
    // Coming one after the other makes blocks grow, so that some of the last one is left.
    for (let at = 0; at < 20; at++) {
      askFor(permits, 1);
      await settle();
    }
    await vi.advanceTimersByTimeAsync(61_000);
    const { started } = askFor(permits, 150);
    await settle();
    expect(started).toHaveLength(100);
  });

  it("come without waiting for a timer while some are left of a block", async () => {
    const permits = openPermits({});
    // Blocks of 1, 2, 4, 8 and 16 starts, as they are asked for within a second.
    for (let at = 0; at < 20; at++) {
      const { started } = askFor(permits, 1);
      await settle();
      started[0]?.permit.release();
    }
    for (let at = 20; at < 27; at++) (await permits.acquire(never, 1)).release();
    expect(permits.figures()).toEqual({ inUse: 0, waiting: 0 });
  });

  it("are not waited for longer than one will", async () => {
    const permits = openPermits({ concurrency: 1 });
    const first = askFor(permits, 1);
    const late = askFor(permits, 1, 5_000);
    const last = askFor(permits, 1);
    await vi.advanceTimersByTimeAsync(4_999);
    expect(late.failed).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(late.failed).toMatchObject([{ provider: "v", fault: "busy", retryable: false }]);
    first.started[0]?.permit.release();
    await settle();
    expect(last.started).toHaveLength(1);
  });

  it("pass by who has gone", async () => {
    const permits = openPermits({ concurrency: 1 });
    const first = askFor(permits, 1);
    const leaving = new AbortController();
    const gone = permits.acquire(leaving.signal, 60_000);
    const last = askFor(permits, 1);
    leaving.abort();
    await expect(gone).rejects.toMatchObject({ fault: "aborted" });
    await expect(permits.acquire(leaving.signal, 60_000)).rejects.toMatchObject({ fault: "aborted" });
    await settle();
    expect(permits.figures()).toEqual({ inUse: 1, waiting: 1 });
    first.started[0]?.permit.release();
    await settle();
    expect(last.started).toHaveLength(1);
  });

  it("are given back once, however often it is said", async () => {
    const permits = openPermits({ concurrency: 2 });
    const { started } = askFor(permits, 4);
    await settle();
    for (let times = 0; times < 3; times++) started[0]?.permit.release();
    await settle();
    expect(permits.figures()).toEqual({ inUse: 2, waiting: 1 });
  });

  it("are held back during a pause, the longest that was asked for", async () => {
    const permits = openPermits({});
    permits.pauseFor(10_000);
    permits.pauseFor(3_000);
    const { started } = askFor(permits, 3);
    const impatient = askFor(permits, 1, 9_000);
    await vi.advanceTimersByTimeAsync(0);
    expect(impatient.failed).toMatchObject([{ fault: "busy" }]);
    await vi.advanceTimersByTimeAsync(9_999);
    expect(started).toHaveLength(0);
    await settle();
    expect(started).toHaveLength(3);
  });

  it("are not to be had once they are closed", async () => {
    const permits = openPermits({ concurrency: 1 });
    const { started, failed } = askFor(permits, 3);
    await settle();
    const closed = permits.close();
    await settle();
    await closed;
    expect(failed).toMatchObject([{ fault: "busy" }, { fault: "busy" }]);
    started[0]?.permit.release();
    await expect(permits.acquire(never, 60_000)).rejects.toMatchObject({ fault: "busy" });
    expect(permits.figures()).toEqual({ inUse: 0, waiting: 0 });
  });
});
