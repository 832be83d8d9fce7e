import { describe, expect, it } from "vitest";
import { createFakeClock } from "#ai/fake-clock.ts";
import { createReturnShares } from "./return-shares.ts";

const DAY_MS = 86_400_000;
const clockAt = createFakeClock(100 * DAY_MS);

/** People who came first and last so many days after the beginning of time. */
function sharesOf(...visits: readonly (readonly [first: number, last: number])[]) {
  const asked: number[][] = [];
  const users = visits.map(([first, last], index) => ({
    id: `u${index}`,
    createdAtMs: first * DAY_MS,
    lastSeenAtMs: last * DAY_MS,
  }));
  const read = createReturnShares(clockAt, async (fromMs, untilMs, limit) => {
    asked.push([fromMs / DAY_MS, untilMs / DAY_MS, limit]);
    return users.filter(({ createdAtMs }) => createdAtMs >= fromMs && createdAtMs < untilMs);
  });
  return { read, asked };
}

describe("the share of people who come back", () => {
  it("is of those newcomers who all had a whole day to do so", async () => {
    const { read, asked } = sharesOf();
    expect(await read()).toEqual([
      { afterDays: 1, newcomers: 0, returned: 0, share: null },
      { afterDays: 7, newcomers: 0, returned: 0, share: null },
    ]);
    expect(asked.map(([from, until]) => [from, until])).toEqual([
      [91, 98],
      [85, 92],
    ]);
  });

  it("counts a last visit that many days after the first, or later", async () => {
    const { read } = sharesOf([95, 95.9], [95, 96], [95, 99], [97, 97], [90, 96.9], [90, 97], [86, 99]);
    expect(await read()).toEqual([
      { afterDays: 1, newcomers: 4, returned: 2, share: 0.5 },
      { afterDays: 7, newcomers: 3, returned: 2, share: 2 / 3 },
    ]);
  });

  it("is read once in ten minutes, and again at once when reading failed", async () => {
    const clock = createFakeClock(100 * DAY_MS);
    let calls = 0;
    let fails = true;
    const read = createReturnShares(clock, async () => {
      calls++;
      if (fails) throw new Error("the store is away");
      return [];
    });
    await expect(read()).rejects.toThrow("away");
    fails = false;
    await read();
    await read();
    expect(calls).toBe(4);
    await clock.advance(11 * 60_000);
    await read();
    expect(calls).toBe(6);
  });
});
