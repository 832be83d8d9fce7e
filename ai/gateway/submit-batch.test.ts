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
  PURSE,
  target,
  toItems,
  toOrder,
} from "./batches.fixture.ts";
import { RICH } from "./memory-ports.fixture.ts";

const WORST = worstOf(toItems(3), target, NOW_MS).worstNanoUsd;
const broken = new ProviderError("groq", "interrupted");

describe("a budget", () => {
  it("lets no batch through that may cost more than is left", async () => {
    const { start, vendor, held } = await openTestBatches({ terms: { ...RICH, monthlyNanoUsd: WORST - 1 } });
    expect(await start().submit(toOrder(), never)).toBe("over-budget");
    expect(vendor.batches).toEqual([]);
    expect(await held()).toBe(0);
  });

  it("lets none through of an account that is stopped", async () => {
    const { start, vendor } = await openTestBatches({ terms: { ...RICH, isSuspended: true } });
    expect(await start().submit(toOrder(), never)).toBe("over-budget");
    expect(vendor.batches).toEqual([]);
  });

  it("tells which shares of it are reached", async () => {
    const { start, alerts } = await openTestBatches({ terms: { ...RICH, monthlyNanoUsd: WORST } });
    await start().submit(toOrder(), never);
    expect(alerts).toEqual([50, 80, 100].map((percent) => ({ accountId: "ann", percent })));
  });

  it("that is used up leaves what was paid in before", async () => {
    const terms = { monthlyNanoUsd: 10, prepaidNanoUsd: WORST, isSuspended: false };
    const { start, vendor, held, entries } = await openTestBatches({ terms });
    const batches = start();
    expect(await batches.submit(toOrder(), never)).toBe("running");
    vendor.finish(answered);
    await Array.fromAsync(batches.collect("pool-1", never));
    expect(await held(PURSE)).toBe(0);
    expect(await held("prepaid:ann")).toBe(3 * ITEM_NANO_USD);
    for (const entry of await entries()) expect(entry.prepaidNanoUsd).toBe(ITEM_NANO_USD);
  });
});

describe("a submission", () => {
  it("is one, however often and from wherever it is made", async () => {
    const { start, vendor, held } = await openTestBatches();
    const processes = Array.from({ length: 5 }, () => start());
    await Promise.all(processes.map(async (batches) => await batches.submit(toOrder(), never)));
    expect(await start().submit(toOrder(), never)).toBe("running");
    expect(vendor.batches).toHaveLength(1);
    expect(await held()).toBe(WORST);
  });

  it.each(["rate-limit", "bad-request", "auth", "quota"] as const)(
    "the vendor took nothing of (%s) leaves nothing behind, and may be made again",
    async (fault) => {
      const { start, vendor, held } = await openTestBatches();
      const batches = start();
      vendor.failNext("submit", new ProviderError("groq", fault));
      await expect(batches.submit(toOrder(), never)).rejects.toMatchObject({ fault });
      expect(await held()).toBe(0);
      expect(await batches.openBatches()).toEqual([]);
      expect(await batches.submit(toOrder(), never)).toBe("running");
    },
  );

  it("whose answer was lost is found at the vendor, not made twice", async () => {
    const { start, vendor, clock, held, events } = await openTestBatches();
    const batches = start();
    vendor.failNext("submit", broken, "after");
    await expect(batches.submit(toOrder(), never)).rejects.toBe(broken);
    // It may still be on its way.
    expect(await batches.submit(toOrder(), never)).toBe("submitting");
    await clock.advance(30 * MINUTE_MS);
    expect(await batches.poll("pool-1", never)).toMatchObject({ state: "running" });
    expect(vendor.batches).toHaveLength(1);
    expect(await held()).toBe(WORST);
    expect(events).toMatchObject([{ type: "found" }]);
  });

  it("that never arrived is made again, by whoever has the items", async () => {
    const { start, vendor, clock, held } = await openTestBatches();
    vendor.failNext("submit", broken);
    await expect(start().submit(toOrder(), never)).rejects.toBe(broken);
    await clock.advance(30 * MINUTE_MS);
    const batches = start();
    expect(await batches.openBatches()).toMatchObject([{ id: "pool-1", state: "submitting" }]);
    expect(await batches.poll("pool-1", never)).toMatchObject({ state: "submitting" });
    expect(await batches.submit(toOrder(), never)).toBe("running");
    expect(vendor.batches).toHaveLength(1);
    expect(await held()).toBe(WORST);
  });

  it("is left as it is where there would be other items now", async () => {
    const { start, vendor, clock, held } = await openTestBatches();
    const fewer = toOrder({ items: toItems(2) });
    const dearer = toOrder({
      items: toItems(3).map((item) => ({ ...item, request: { ...item.request, maxOutputTokens: 100_000 } })),
    });
    vendor.failNext("submit", broken);
    await expect(start().submit(toOrder(), never)).rejects.toBe(broken);
    await clock.advance(30 * MINUTE_MS);
    expect(await start().submit(fewer, never)).toBe("submitting");
    expect(await start().submit(dearer, never)).toBe("submitting");
    expect(vendor.batches).toEqual([]);
    expect(await start().submit(toOrder(), never)).toBe("running");
    expect(await start().submit(fewer, never)).toBe("running");
    expect(vendor.batches.map(({ items }) => items.length)).toEqual([3]);
    expect(await held()).toBe(WORST);
  });

  it("to a vendor that takes no names is looked for until it has ended there", async () => {
    const { start, vendor, clock } = await openTestBatches({ takesNames: false });
    const batches = start();
    vendor.failNext("submit", broken, "after");
    await expect(batches.submit(toOrder(), never)).rejects.toBe(broken);
    await clock.advance(30 * MINUTE_MS);
    expect(await batches.submit(toOrder(), never)).toBe("submitting");
    vendor.finish(answered);
    expect(await batches.submit(toOrder(), never)).toBe("running");
    expect(vendor.batches).toHaveLength(1);
  });

  it("that took so long that another was made is called off", async () => {
    const { start, vendor, clock, events } = await openTestBatches();
    const slow = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const slowVendor = {
      ...vendor,
      submit: async (...order: Parameters<typeof vendor.submit>) => {
        begun.resolve();
        await slow.promise;
        return await vendor.submit(...order);
      },
    };
    const first = start({ models: () => slowVendor }).submit(toOrder(), never);
    await begun.promise;
    await clock.advance(31 * MINUTE_MS);
    expect(await start().submit(toOrder(), never)).toBe("running");
    slow.resolve();
    expect(await first).toBe("running");
    expect(vendor.batches.map(({ isCancelled }) => isCancelled)).toEqual([false, true]);
    expect(events.map(({ type }) => type)).toEqual(["submitted", "doubled"]);
  });

  it("that failed again keeps others away as long as the first time", async () => {
    const { start, vendor, clock } = await openTestBatches();
    const batches = start();
    for (let round = 0; round < 2; round++) {
      vendor.failNext("submit", broken);
      await expect(batches.submit(toOrder(), never)).rejects.toBe(broken);
      expect(await batches.submit(toOrder(), never)).toBe("submitting");
      await clock.advance(30 * MINUTE_MS);
    }
    expect(await batches.submit(toOrder(), never)).toBe("running");
    expect(vendor.batches).toHaveLength(1);
  });

  it.each([
    ["had not kept it", false],
    ["had kept it all the same", true],
  ])("the store failed at holds what it should when the store %s", async (_, isKept) => {
    const { start, records, clock, held } = await openTestBatches();
    const open = async (...[batch]: Parameters<typeof records.open>): Promise<boolean> => {
      if (isKept) await records.open(batch);
      throw new Error("the store is away");
    };
    await expect(start({ records: { ...records, open } }).submit(toOrder(), never)).rejects.toThrow("away");
    expect(await held()).toBe(isKept ? WORST : 0);
    await clock.advance(30 * MINUTE_MS);
    expect(await start().submit(toOrder(), never)).toBe("running");
    expect(await held()).toBe(WORST);
  });
});
