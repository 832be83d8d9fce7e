import { describe, expect, it } from "vitest";
import { ProviderError } from "../providers/provider-error.ts";
import { worstOf } from "./batch-books.ts";
import {
  answered,
  ITEM_NANO_USD,
  MINUTE_MS,
  never,
  NOW_MS,
  openTestBatches,
  replyOf,
  target,
  toItems,
  toOrder,
} from "./batches.fixture.ts";

const DAY_MS = 24 * 60 * MINUTE_MS;
const WORST = worstOf(toItems(3), target, NOW_MS).worstNanoUsd;
const broken = new ProviderError("groq", "interrupted");

describe("a batch", () => {
  it("is held at its worst, paid at its cost, and collected item by item", async () => {
    const { start, vendor, held, entries, events, clock } = await openTestBatches();
    const batches = start();
    expect(await batches.submit(toOrder(), never)).toBe("running");
    expect(await held()).toBe(WORST);
    expect(await batches.poll("pool-1", never)).toEqual({ state: "running", done: 0, total: 3 });
    await clock.advance(MINUTE_MS);
    vendor.finish(answered);
    expect(await batches.poll("pool-1", never)).toEqual({ state: "ready", done: 3, total: 3 });

    expect(await Array.fromAsync(batches.collect("pool-1", never))).toEqual(toItems(3).map(answered));
    expect(await held()).toBe(3 * ITEM_NANO_USD);
    expect(await entries()).toMatchObject(
      toItems(3).map(({ id }) => ({
        id: `pool-1/${id}`,
        task: "pool-dialogue",
        month: "2026-11",
        atMs: NOW_MS,
        isBatch: true,
        isEstimate: false,
        outcome: "complete",
        costNanoUsd: ITEM_NANO_USD,
        outputTokens: 30,
        latencyMs: MINUTE_MS,
      })),
    );
    expect(events.map(({ type, costNanoUsd }) => [type, costNanoUsd])).toEqual([
      ["submitted", undefined],
      ["collected", 3 * ITEM_NANO_USD],
    ]);
    expect(await batches.openBatches()).toEqual([]);
  });

  it("tells the same again when it is collected again, and costs nothing more", async () => {
    const { start, vendor, held, entries } = await openTestBatches();
    const batches = start();
    await batches.submit(toOrder(), never);
    vendor.finish(answered);
    const first = await Array.fromAsync(batches.collect("pool-1", never));
    expect(await Array.fromAsync(batches.collect("pool-1", never))).toEqual(first);
    expect(await entries()).toHaveLength(3);
    expect(await held()).toBe(3 * ITEM_NANO_USD);
  });

  it("costs what was answered: refusals too, failures and what is missing not", async () => {
    const { start, vendor, held, entries } = await openTestBatches();
    const batches = start();
    await batches.submit(toOrder(), never);
    vendor.finish(({ id }) => {
      if (id === "item-0") return { id, fault: "timeout" };
      if (id === "item-1") return undefined;
      return { id, reply: { ...replyOf(id), stop: "refused" } };
    });
    const results = await Array.fromAsync(batches.collect("pool-1", never));
    expect(results.map(({ id }) => id)).toEqual(["item-0", "item-2"]);
    expect(await entries()).toMatchObject([{ id: "pool-1/item-2", outcome: "refused" }]);
    expect(await held()).toBe(ITEM_NANO_USD);
  });

  it("is booked by estimate where no usage came, not below what was delivered and within what was held", async () => {
    const { start, vendor, held, entries } = await openTestBatches();
    const batches = start();
    await batches.submit(toOrder(), never);
    vendor.finish(({ id }) => ({ id, reply: { ...replyOf(id), usage: undefined } }));
    await Array.fromAsync(batches.collect("pool-1", never));
    const all = await entries();
    expect(all).toHaveLength(3);
    for (const entry of all) {
      expect(entry).toMatchObject({ isEstimate: true, outputTokens: "Once, item-0.".length });
      expect(entry.uncachedInputTokens).toBeGreaterThan("You tell tales.Tell a tale of the sea.".length);
    }
    expect(await held()).toBe(all.reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0));
    expect(await held()).toBeLessThan(WORST);
  });

  it("is handed on as it is booked, however long it is", async () => {
    const { start, vendor, entries, held } = await openTestBatches();
    const batches = start();
    await batches.submit(toOrder({ items: toItems(150) }), never);
    vendor.finish(answered);
    const results = batches.collect("pool-1", never);
    await results.next();
    expect(await entries()).toHaveLength(64);
    await results.return(undefined);
    expect(await held()).toBe(worstOf(toItems(150), target, NOW_MS).worstNanoUsd);

    expect(await Array.fromAsync(batches.collect("pool-1", never))).toHaveLength(150);
    expect(await entries()).toHaveLength(150);
    expect(await held()).toBe(150 * ITEM_NANO_USD);
  });

  it("cannot be collected before it is there", async () => {
    const { start } = await openTestBatches();
    const batches = start();
    const collect = async () => await Array.fromAsync(batches.collect("pool-1", never));
    await expect(collect()).rejects.toMatchObject({ reason: "unknown" });
    await batches.submit(toOrder(), never);
    await expect(collect()).rejects.toMatchObject({ reason: "running" });
    expect(await batches.poll("pool-2", never)).toBeUndefined();
  });

  it("that the vendor refuses as a whole costs nothing", async () => {
    const { start, vendor, held, events } = await openTestBatches();
    const batches = start();
    await batches.submit(toOrder(), never);
    vendor.finish(() => undefined, "failed");
    expect(await batches.poll("pool-1", never)).toMatchObject({ state: "ready" });
    expect(await Array.fromAsync(batches.collect("pool-1", never))).toEqual([]);
    expect(await held()).toBe(0);
    expect(await batches.poll("pool-1", never)).toMatchObject({ state: "failed" });
    expect(events.at(-1)).toMatchObject({ type: "failed", costNanoUsd: 0 });
  });

  it("that is called off costs what was answered before", async () => {
    const { start, vendor, held } = await openTestBatches();
    const batches = start();
    expect(await batches.cancel("pool-1", never)).toBe(false);
    await batches.submit(toOrder(), never);
    expect(await batches.cancel("pool-1", never)).toBe(true);
    expect(vendor.batches).toMatchObject([{ isCancelled: true }]);
    vendor.finish((item) => (item.id === "item-1" ? answered(item) : { id: item.id, fault: "aborted" }));
    await Array.fromAsync(batches.collect("pool-1", never));
    expect(await held()).toBe(ITEM_NANO_USD);
    expect(await batches.poll("pool-1", never)).toMatchObject({ state: "cancelled" });
    expect(await batches.cancel("pool-1", never)).toBe(false);
  });

  it.each([
    ["no items", []],
    ["two items of one id", [...toItems(1), ...toItems(1)]],
    ["an id that vendors refuse", toItems(1).map((item) => ({ ...item, id: "a/b" }))],
  ])("is not made of %s", async (_, items) => {
    const { start, vendor, held } = await openTestBatches();
    await expect(start().submit(toOrder({ items }), never)).rejects.toThrow(RangeError);
    expect(vendor.batches).toEqual([]);
    expect(await held()).toBe(0);
  });
});

describe("a batch whose time is over", () => {
  it("is given up when its vendor never had it", async () => {
    const { start, vendor, clock, held, events } = await openTestBatches();
    const batches = start();
    vendor.failNext("submit", broken);
    await expect(batches.submit(toOrder(), never)).rejects.toBe(broken);
    await clock.advance(DAY_MS);
    expect(await batches.giveUpOverdue(never)).toBe(0);
    await clock.advance(2 * 60 * MINUTE_MS);
    expect(await batches.giveUpOverdue(never)).toBe(1);
    expect(await held()).toBe(0);
    expect(events).toMatchObject([{ type: "given-up" }]);
    expect(await Array.fromAsync(batches.collect("pool-1", never))).toEqual([]);
  });

  it("is booked all the same when nobody came for it", async () => {
    const { start, vendor, clock, held, entries } = await openTestBatches();
    const batches = start();
    await batches.submit(toOrder(), never);
    vendor.finish(answered);
    await clock.advance(3 * DAY_MS);
    expect(await batches.giveUpOverdue(never)).toBe(1);
    expect(await entries()).toHaveLength(3);
    expect(await held()).toBe(3 * ITEM_NANO_USD);
  });

  it("is called off when it still runs, and kept when its vendor is only out of reach", async () => {
    const { start, vendor, clock, held } = await openTestBatches();
    const batches = start();
    await batches.submit(toOrder(), never);
    await clock.advance(3 * DAY_MS);
    vendor.failNext("look", broken);
    expect(await batches.giveUpOverdue(never)).toBe(0);
    expect(await held()).toBe(WORST);
    expect(await batches.giveUpOverdue(never)).toBe(1);
    expect(vendor.batches).toMatchObject([{ isCancelled: true }]);
    expect(await held()).toBe(0);
  });
});
