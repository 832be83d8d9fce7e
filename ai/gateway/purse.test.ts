import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createFakeClock } from "../fake-clock.ts";
import { createMemoryPurses } from "./memory-ports.fixture.ts";
import { createPurse } from "./purse.ts";

const LIMIT = 10_000;

function setUp(purses = createMemoryPurses()) {
  const clock = createFakeClock();
  const crossed: [number, number][] = [];
  const purse = createPurse("p", {
    port: purses,
    clock,
    onTaken: (...taken) => crossed.push([taken[0], taken[1]]),
  });
  return { clock, purses, purse, crossed };
}

describe("a purse", () => {
  it("takes a block from the store once and serves many calls from it", async () => {
    const { purse, purses } = setUp();
    for (let call = 0; call < 50; call++) expect(await purse.take(2, LIMIT)).toBe(true);
    expect(purses.takes()).toBe(1);
    expect(purses.held("p")).toBe(100);
  });

  it("gives exactly what is left, and not a bit more", async () => {
    const { purse } = setUp();
    expect(await purse.take(9_999, LIMIT)).toBe(true);
    expect(await purse.take(2, LIMIT)).toBe(false);
    expect(await purse.take(1, LIMIT)).toBe(true);
  });

  it("asks the store only once in a while for what it refused, and at once after a change", async () => {
    const { purse, purses, clock } = setUp();
    expect(await purse.take(LIMIT, LIMIT)).toBe(true);
    expect(await purse.take(5, LIMIT)).toBe(false);
    const asked = purses.takes();
    expect(await purse.take(5, LIMIT)).toBe(false);
    expect(purses.takes()).toBe(asked);
    purse.forgetRefusals();
    expect(await purse.take(5, LIMIT + 5)).toBe(true);
    expect(await purse.take(5, LIMIT + 5)).toBe(false);
    await clock.advance(10_000);
    expect(await purse.take(5, LIMIT + 10)).toBe(true);
  });

  it("lets the next call have what the last one did not need", async () => {
    const { purse } = setUp();
    expect(await purse.take(LIMIT, LIMIT)).toBe(true);
    purse.settle(LIMIT, 3);
    expect(await purse.take(LIMIT - 3, LIMIT)).toBe(true);
    expect(await purse.take(1, LIMIT)).toBe(false);
  });

  it("takes later what was spent beyond what was taken", async () => {
    const { purse, purses } = setUp();
    expect(await purse.take(100, 100)).toBe(true);
    purse.settle(100, 130);
    expect(await purse.take(1, 200)).toBe(true);
    expect(purses.held("p")).toBeGreaterThanOrEqual(131);
  });

  it("gives back what lies idle, shows the store what is in use, and is unused when nothing is", async () => {
    const { purse, purses, clock } = setUp();
    await purse.take(10, LIMIT);
    await purse.tidy(1_000);
    expect(purses.held("p")).toBe(100);
    await clock.advance(1_000);
    await purse.tidy(1_000);
    expect([purses.held("p"), purse.isUnused()]).toEqual([10, false]);
    purse.settle(10, 4);
    await purse.tidy(0);
    expect([purses.held("p"), purse.isUnused()]).toEqual([4, true]);
  });

  it("in use for long, tells the store so every two minutes and no more often", async () => {
    const purses = createMemoryPurses();
    const given: number[] = [];
    const giveBack: typeof purses.giveBack = async (id, amount, nowMs) => {
      given.push(amount);
      await purses.giveBack(id, amount, nowMs);
    };
    const { purse, clock } = setUp({ ...purses, giveBack });
    await purse.take(10, LIMIT);
    for (let minute = 0; minute < 6; minute++) {
      await clock.advance(60_000);
      purse.settle(10, 0);
      await purse.take(10, LIMIT);
      await purse.tidy(30_000);
    }
    expect(given).toEqual([0, 0, 0]);
  });

  it("gives nothing back twice when the store may have taken it back and did not say so", async () => {
    const { purse, purses } = setUp();
    await purse.take(10, LIMIT);
    purse.settle(10, 0);
    purses.failNext();
    await expect(purse.tidy(0)).rejects.toThrow("store");
    expect(purse.isUnused()).toBe(true);
    expect(await purse.take(1, LIMIT)).toBe(true);
    expect(purses.takes()).toBe(2);
  });

  it("tells the store once more of what was spent beyond what was taken, when it failed to hear of it", async () => {
    const { purse, purses } = setUp();
    await purse.take(LIMIT, LIMIT);
    purse.settle(LIMIT, LIMIT + 30);
    purses.failNext();
    await expect(purse.tidy(0)).rejects.toThrow("store");
    await purse.tidy(0);
    expect(purses.held("p")).toBe(LIMIT + 30);
  });

  it("hands out and gives back nothing that others have taken for a dead process's", async () => {
    const { purse, purses, clock } = setUp();
    await purse.take(10, LIMIT);
    await purse.take(10, LIMIT);
    purse.settle(10, 7);
    await clock.advance(8 * 60_000);
    // Somebody healed it: the books knew of 7.
    await purses.giveBack("p", 93, 0);
    expect(await purse.take(5, LIMIT)).toBe(true);
    // The call that was under way all this time ends after all.
    purse.settle(10, 4);
    purse.settle(5, 1);
    await purse.tidy(0);
    expect([purses.held("p"), purse.isUnused()]).toEqual([12, true]);
  });

  it("tells of every block, and of a refusal as the whole limit if it was of little", async () => {
    const { purse, crossed } = setUp();
    await purse.take(LIMIT - 1, LIMIT);
    await purse.take(LIMIT / 10, LIMIT);
    expect(crossed).toEqual([[0, LIMIT - 1]]);
    await purse.take(2, LIMIT);
    expect(crossed).toEqual([
      [0, LIMIT - 1],
      [0, LIMIT],
    ]);
  });

  it("never lets two processes pass the limit together, whatever they take, spend and give back", async () => {
    const step = fc.record({
      at: fc.nat(1),
      amount: fc.integer({ min: 1, max: 400 }),
      spend: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(step, { maxLength: 8 }), { maxLength: 12 }), async (rounds) => {
        const purses = createMemoryPurses();
        const processes = [setUp(purses), setUp(purses)];
        let spent = 0;
        for (const round of rounds) {
          await Promise.all(
            round.map(async ({ at, amount, spend }) => {
              const { purse } = processes[at] as (typeof processes)[number];
              if (!(await purse.take(amount, 1_000))) return;
              const cost = Math.floor(amount * spend);
              spent += cost;
              purse.settle(amount, cost);
            }),
          );
          expect(purses.held("p")).toBeLessThanOrEqual(1_000);
        }
        for (const { purse } of processes) await purse.tidy(0);
        expect(purses.held("p")).toBe(spent);
      }),
      { seed: 6, numRuns: 200 },
    );
  });
});
