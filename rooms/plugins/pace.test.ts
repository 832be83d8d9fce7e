import { describe, expect, it } from "vitest";
import { inBursts } from "./in-bursts.ts";
import { createPaced } from "./paced.ts";
import { createTokenBucket } from "./token-bucket.ts";
import { createFakeClock } from "#ai/fake-clock.ts";

describe("something paced", () => {
  it("runs at once, then no more often than allowed, and after the last call", async () => {
    const clock = createFakeClock(0);
    const runs: number[] = [];
    const paced = createPaced(clock, 500, () => void runs.push(clock.nowMs()));
    for (let i = 0; i < 12; i++) {
      paced.touch();
      await clock.advance(100);
    }
    await clock.advance(5000);
    expect(runs).toEqual([0, 500, 1000, 1500]);
  });

  it("does not run once cancelled", async () => {
    const clock = createFakeClock(0);
    let runs = 0;
    const paced = createPaced(clock, 500, () => void runs++);
    paced.touch();
    paced.touch();
    paced.cancel();
    await clock.advance(1000);
    expect(runs).toBe(1);
  });
});

describe("a token bucket", () => {
  it("gives its capacity at once and its rate after", () => {
    const bucket = createTokenBucket(10, 20, 0);
    const take = (atMs: number, tries: number): number =>
      Array.from({ length: tries }, () => bucket.take(atMs)).filter(Boolean).length;
    expect(take(0, 50)).toBe(20);
    expect(take(1000, 50)).toBe(10);
    expect(take(1050, 1)).toBe(0);
    expect(take(60_000, 50)).toBe(20);
  });
});

describe("work in bursts", () => {
  it("lets the event loop turn between bursts", async () => {
    const done: (number | string)[] = [];
    const work = inBursts([1, 2, 3, 4, 5], 2, (item) => void done.push(item));
    setImmediate(() => void done.push("turn"));
    await work;
    expect(done.indexOf("turn")).toBeLessThan(done.indexOf(5));
    expect(done.slice(0, 2)).toEqual([1, 2]);
  });

  it("goes on after a failing item, sync or not, and throws the first failure at the end", async () => {
    const done: number[] = [];
    const work = inBursts([1, 2, 3, 4], 2, async (item) => {
      if (item % 2 === 1) throw new Error(`no ${item}`);
      done.push(item);
    });
    await expect(work).rejects.toThrow("no 1");
    const syncWork = inBursts([1, 2], 1, (item) => {
      if (item === 1) throw new Error("no 1");
      done.push(item);
    });
    await expect(syncWork).rejects.toThrow("no 1");
    expect(done).toEqual([2, 4, 2]);
  });
});
