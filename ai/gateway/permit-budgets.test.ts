import { describe, expect, it } from "vitest";
import { createFakeClock } from "../fake-clock.ts";
import type { Block } from "./bottleneck-blocks.ts";
import { createSlots, createStarts } from "./permit-budgets.ts";

/** A source that has `most` units, keeps what it gave, and fails when it is told to. */
function createSource(most = Infinity) {
  const given: (Block & { isOver: boolean; lapse(): void })[] = [];
  const source = {
    given,
    isBroken: false,
    asked: [] as number[],
    sizes: () => given.filter(({ isOver }) => !isOver).map(({ size }) => size),
    async take(wanted: number): Promise<Block> {
      source.asked.push(wanted);
      if (source.isBroken) throw new Error("lost");
      const over = Promise.withResolvers<void>();
      const finish = () => {
        block.isOver = true;
        over.resolve();
      };
      const block = {
        size: Math.min(wanted, most),
        over: over.promise,
        isOver: false,
        end: finish,
        lapse: finish,
      };
      given.push(block);
      return block;
    },
  };
  return source;
}

function setUp(most?: number) {
  const clock = createFakeClock();
  const source = createSource(most);
  let more = 0;
  const deps = { clock, onMore: () => more++ };
  return { clock, source, deps, more: () => more };
}

describe("slots", () => {
  function setUpSlots({ most = 10, concurrency = 10, renewAfterMs = Infinity } = {}) {
    const all = setUp(most);
    const slots = createSlots(all.source, { ...all.deps, concurrency, renewAfterMs });
    const want = async (count: number) => {
      slots.want(count);
      await all.clock.advance(0);
    };
    const use = (count: number) => Array.from({ length: count }, () => slots.use());
    const giveBack = (count: number) => Array.from({ length: count }, () => slots.giveBack());
    return { ...all, slots, want, use, giveBack };
  }

  it("are taken in one block, and never more than there are in all", async () => {
    const { source, slots, want } = setUpSlots();
    expect(slots.want(30)).toBe(10);
    await want(30);
    await want(30);
    expect(source.asked).toEqual([10]);
    expect(slots.free()).toBe(10);
  });

  it("go back when they were spare for a while, and stay when they were used in between", async () => {
    const { clock, source, want, use, giveBack } = setUpSlots({ most: 4 });
    for (const count of [4, 8]) await want(count);
    use(6);
    giveBack(6);
    await clock.advance(2_000);
    expect(source.sizes()).toEqual([4, 4]);
    use(3);
    giveBack(3);
    await clock.advance(2_000);
    expect(source.sizes()).toEqual([4]);
    await clock.advance(2_000);
    expect(source.sizes()).toEqual([]);
  });

  it("are renewed in time, without ever using more than are held", async () => {
    const { clock, source, slots, want, use, giveBack } = setUpSlots({
      most: 5,
      concurrency: 5,
      renewAfterMs: 3_000,
    });
    await want(5);
    use(5);
    await clock.advance(4_000);
    // The block is to go, so nothing of it is handed out again.
    giveBack(4);
    expect(slots.free()).toBe(-1);
    expect(source.sizes()).toEqual([5]);
    giveBack(1);
    expect(source.sizes()).toEqual([]);
    await want(5);
    expect([slots.free(), ...source.sizes()]).toEqual([5, 5]);
  });

  it("are replaced before that when there are others", async () => {
    const { clock, source, slots, want, use } = setUpSlots({ most: 5, renewAfterMs: 3_000 });
    await want(5);
    use(3);
    await clock.advance(4_000);
    await want(2);
    expect(slots.free()).toBe(2);
    expect(source.sizes()).toEqual([5]);
    expect(source.given).toHaveLength(2);
  });

  it("whose life is over count no more, and calls that are still in them count against the others", async () => {
    const { clock, source, slots, want, use } = setUpSlots({ most: 4 });
    for (const count of [4, 8]) await want(count);
    use(6);
    source.given[0]?.lapse();
    await clock.advance(0);
    expect([slots.free(), slots.inUse()]).toEqual([-2, 6]);
  });
});

describe("starts", () => {
  function setUpStarts() {
    const all = setUp();
    const starts = createStarts(all.source, { ...all.deps, requestsPerMinute: 1_000 });
    const useOne = async () => {
      if (starts.free() === 0) starts.want(1);
      await all.clock.advance(0);
      starts.use();
    };
    return { ...all, starts, useOne };
  }

  it("come in greater blocks the sooner they are used up, and in smaller ones again later", async () => {
    const { clock, source, useOne } = setUpStarts();
    for (let at = 0; at < 31; at++) await useOne();
    expect(source.asked).toEqual([1, 2, 4, 8, 16, 32]);
    await clock.advance(60_000);
    await useOne();
    expect(source.asked.at(-1)).toBe(16);
  });

  it("are never asked for by more than a quarter of the limit unless so many wait", async () => {
    const { source, useOne, starts } = setUpStarts();
    for (let at = 0; at < 2_000; at++) await useOne();
    expect(Math.max(...source.asked)).toBe(250);
    starts.want(700);
    expect(source.asked.at(-1)).toBeGreaterThan(250);
  });

  it("lapse after their minute", async () => {
    const { clock, starts } = setUpStarts();
    starts.want(5);
    await clock.advance(0);
    starts.use();
    await clock.advance(59_999);
    expect(starts.free()).toBe(4);
    await clock.advance(1);
    expect(starts.free()).toBe(0);
  });
});

it("a source that fails is asked again after a while, until nobody wants to", async () => {
  const { clock, source, deps, more } = setUp();
  const starts = createStarts(source, { ...deps, requestsPerMinute: 1_000 });
  source.isBroken = true;
  starts.want(3);
  await clock.advance(0);
  await clock.advance(499);
  starts.want(3);
  expect([source.asked.length, more()]).toEqual([1, 0]);
  await clock.advance(1);
  expect(more()).toBe(1);
  source.isBroken = false;
  starts.want(3);
  await clock.advance(0);
  expect(starts.free()).toBe(3);
  starts.close();
  starts.want(9);
  expect(source.asked).toHaveLength(2);
});
