import { describe, expect, it } from "vitest";
import { openMemoryStore } from "./memory-store.fixture.ts";
import { openPurses, type Purses } from "./purses.ts";

const DAY_MS = 86_400_000;
const CENT = 10_000_000;
const MONTH = "month:ann:2026-11";

const open = async (): Promise<Purses> => await openPurses(await openMemoryStore());
const held = async (purses: Purses, id = MONTH) => (await purses.get(id))?.heldNanoUsd;

describe("taking", () => {
  it("lets exactly ten of fifty racing cents through a limit of ten", async () => {
    const purses = await open();
    const taken = await Promise.all(
      Array.from({ length: 50 }, async () => await purses.take(MONTH, CENT, 10 * CENT, 1)),
    );
    const passed = taken.filter((each) => each !== null).sort((a, b) => a - b);
    expect(passed).toEqual(Array.from({ length: 10 }, (_, n) => (n + 1) * CENT));
    expect(await held(purses)).toBe(10 * CENT);
  });

  it("never passes the limit while others give back", async () => {
    const purses = await open();
    await Promise.all(
      Array.from({ length: 40 }, async () => {
        const taken = await purses.take(MONTH, 3 * CENT, 10 * CENT, 1);
        if (taken === null) return;
        expect(taken).toBeLessThanOrEqual(10 * CENT);
        await purses.giveBack(MONTH, 3 * CENT, 2);
      }),
    );
    expect(await held(purses)).toBe(0);
  });

  it("takes nothing from a purse whose first amount is too much", async () => {
    const purses = await open();
    expect(await purses.take(MONTH, 11, 10, 1)).toBeNull();
    expect(await held(purses)).toBe(0);
    expect(await purses.take(MONTH, 10, 10, 1)).toBe(10);
    expect(await purses.take(MONTH, 1, 10, 1)).toBeNull();
    expect(await purses.take(MONTH, 1, 11, 1)).toBe(11);
  });

  it("refuses an id that names no purse", async () => {
    await expect((await open()).take("pocket:ann", 1, 10, 1)).rejects.toThrow(RangeError);
  });
});

describe("giving back", () => {
  it("never leaves less than nothing", async () => {
    const purses = await open();
    await purses.take(MONTH, 10, 10, 1);
    await purses.giveBack(MONTH, 4, 2);
    expect(await held(purses)).toBe(6);
    await purses.giveBack(MONTH, 7, 3);
    expect(await held(purses)).toBe(0);
  });

  it("of less than nothing takes, whatever the limit was", async () => {
    const purses = await open();
    await purses.take(MONTH, 10, 10, 1);
    await purses.giveBack(MONTH, -5, 2);
    expect(await held(purses)).toBe(15);
  });

  it("to a purse that is gone makes none", async () => {
    const purses = await open();
    await purses.giveBack(MONTH, 5, 1);
    expect(await purses.get(MONTH)).toBeNull();
  });
});

describe("alerts", () => {
  it("are given once for each share, however many notice it", async () => {
    const purses = await open();
    await purses.take(MONTH, 1, 10, 1);
    const noted = await Promise.all(
      [80, 50, 80, 50, 100, 100].map(async (percent) => [
        percent,
        await purses.noteAlert(MONTH, percent, percent),
      ]),
    );
    expect(noted.filter(([, first]) => first).map(([percent]) => percent)).toEqual([80, 50, 100]);
    expect(await purses.noteAlert(MONTH, 50, 7)).toBe(false);
    expect(await purses.reached(MONTH)).toEqual([
      { percent: 50, atMs: 50 },
      { percent: 80, atMs: 80 },
      { percent: 100, atMs: 100 },
    ]);
  });

  it("are given anew once they were cleared, and of no purse none", async () => {
    const purses = await open();
    expect(await purses.noteAlert(MONTH, 50, 1)).toBe(false);
    expect(await purses.reached(MONTH)).toEqual([]);
    await purses.take(MONTH, 1, 10, 1);
    await purses.noteAlert(MONTH, 50, 1);
    await purses.clearAlerts(MONTH);
    expect(await purses.reached(MONTH)).toEqual([]);
    expect(await purses.noteAlert(MONTH, 50, 2)).toBe(true);
    await expect(purses.noteAlert(MONTH, 51, 2)).rejects.toThrow(RangeError);
  });
});

describe("settling", () => {
  it("finds purses nobody touched, longest first, until they are settled", async () => {
    const purses = await open();
    await purses.take("conversation:c1", 5, 10, 20);
    await purses.take(MONTH, 5, 10, 10);
    await purses.take("prepaid:ann", 5, 10, 30);
    const stale = [
      { id: MONTH, touchedAtMs: 10 },
      { id: "conversation:c1", touchedAtMs: 20 },
    ];
    expect(await purses.staleBefore(30, 10)).toEqual(stale);
    expect(await purses.staleBefore(30, 1)).toEqual(stale.slice(0, 1));
    expect(await purses.setHeld(MONTH, 2, 10)).toBe(true);
    expect(await held(purses)).toBe(2);
    expect(await purses.staleBefore(30, 10)).toEqual(stale.slice(1));
    await purses.take(MONTH, 1, 10, 25);
    expect(await purses.staleBefore(30, 10)).toHaveLength(2);
  });

  it("leaves a purse alone that somebody showed to be in use", async () => {
    const purses = await open();
    await purses.take(MONTH, 5, 10, 10);
    await purses.giveBack(MONTH, 0, 40);
    expect(await purses.staleBefore(30, 10)).toEqual([]);
    expect(await purses.setHeld(MONTH, 2, 10)).toBe(false);
    expect(await held(purses)).toBe(5);
  });
});

describe("purses that are done with", () => {
  it("go with their account, a conversation's excepted", async () => {
    const purses = await open();
    const all = [MONTH, "month:ann:2026-10", "prepaid:ann", "conversation:c1", "prepaid:bob"];
    for (const id of all) await purses.take(id, 1, 10, 1);
    expect(await purses.deleteByAccount("ann")).toBe(3);
    const left = await Promise.all(all.map(async (id) => await purses.get(id)));
    expect(left.map((purse) => purse?.id)).toEqual([undefined, undefined, undefined, ...all.slice(3)]);
  });

  it("expire after 400 untouched days, but no prepaid balance does", async () => {
    const purses = await open();
    for (const id of [MONTH, "prepaid:ann", "conversation:c1"]) await purses.take(id, 1, 10, 0);
    await purses.take("conversation:c2", 1, 10, DAY_MS);
    expect(await purses.expire(400 * DAY_MS + 1)).toBe(2);
    expect(await purses.get("prepaid:ann")).not.toBeNull();
    expect(await purses.get("conversation:c2")).not.toBeNull();
  });
});
