import { describe, expect, it } from "vitest";
import type { BatchesDeps } from "./batch-ports.ts";
import {
  answered,
  ITEM_NANO_USD,
  MINUTE_MS,
  never,
  openTestBatches,
  toItems,
  toOrder,
} from "./batches.fixture.ts";
import type { Batches } from "./batches.ts";

class Crash extends Error {}

/** A process that dies at one of its calls to the outside, before or after that was done; nothing it does later counts. */
function createDoomed(deps: BatchesDeps, dieAt: number, when: "before" | "after") {
  let calls = 0;
  const guard = <T extends object>(port: T): T =>
    new Proxy(port, {
      get(target, name, receiver) {
        const value: unknown = Reflect.get(target, name, receiver);
        if (typeof value !== "function") return value;
        if (name === "results") return value;
        return async (...given: unknown[]) => {
          const at = calls++;
          if (at > dieAt || (at === dieAt && when === "before")) throw new Crash();
          const result: unknown = await Reflect.apply(value, target, given);
          if (at === dieAt) throw new Crash();
          return result;
        };
      },
    });
  const { models, purses, ledger, records, accounts } = deps;
  return {
    calls: () => calls,
    deps: {
      purses: guard(purses),
      ledger: guard(ledger),
      records: guard(records),
      accounts: guard(accounts),
      models: (provider: string, model: string) => {
        const found = models(provider, model);
        return found && guard(found);
      },
    },
  };
}

const ORDER = toOrder({ items: toItems(100) });

type Bench = Awaited<ReturnType<typeof openTestBatches>>;

/** Everything a batch goes through, as a caller does it. */
async function live(batches: Batches, { vendor }: Bench): Promise<void> {
  if ((await batches.submit(ORDER, never)) === "submitting") throw new Error("somebody else is at it");
  vendor.finish(answered);
  await Array.fromAsync(batches.collect(ORDER.id, never));
}

/** How many calls it takes when nothing goes wrong. */
async function countCalls(): Promise<number> {
  const bench = await openTestBatches();
  const { deps, calls } = createDoomed(bench.deps, Number.POSITIVE_INFINITY, "before");
  await live(bench.start(deps), bench);
  return calls();
}

describe.each(["before", "after"] as const)("a process that dies %s a call to the outside", (when) => {
  it("is taken over by another: nothing is asked, booked or paid twice, and no money is lost", async () => {
    const count = await countCalls();
    expect(count).toBeGreaterThan(12);
    for (let dieAt = 0; dieAt < count; dieAt++) {
      const bench = await openTestBatches();
      const doomed = createDoomed(bench.deps, dieAt, when);
      await expect(live(bench.start(doomed.deps), bench)).rejects.toThrow(Crash);

      await bench.clock.advance(31 * MINUTE_MS);
      await live(bench.start(), bench);
      expect(bench.vendor.batches.filter(({ isCancelled }) => !isCancelled)).toHaveLength(1);
      const entries = await bench.entries();
      expect(new Set(entries.map(({ id }) => id)).size).toBe(100);
      expect(entries).toHaveLength(100);

      // Too much may be held for a while, too little never.
      expect(await bench.held()).toBeGreaterThanOrEqual(100 * ITEM_NANO_USD);
      await bench.heal();
      expect(await bench.held()).toBe(100 * ITEM_NANO_USD);
    }
  });
});

it("two processes that collect at once pay once", async () => {
  const bench = await openTestBatches();
  const [one, other] = [bench.start(), bench.start()];
  await one.submit(ORDER, never);
  bench.vendor.finish(answered);
  const collected = await Promise.allSettled(
    [one, other].map(async (batches) => await Array.fromAsync(batches.collect(ORDER.id, never))),
  );
  expect(collected.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  expect(collected.find(({ status }) => status === "rejected")).toMatchObject({
    reason: { reason: "taken" },
  });
  expect(await bench.entries()).toHaveLength(100);
  expect(await bench.held()).toBe(100 * ITEM_NANO_USD);
});

it("a purse that is healed while a batch ends is not given too much back", async () => {
  const bench = await openTestBatches();
  const { records, clock } = bench;
  await bench.start().submit(ORDER, never);
  bench.vendor.finish(answered);
  await clock.advance(60 * MINUTE_MS);
  const end = async (...given: Parameters<typeof records.end>): Promise<boolean> => {
    const isFirst = await records.end(...given);
    await bench.healNow();
    return isFirst;
  };
  await Array.fromAsync(bench.start({ records: { ...records, end } }).collect(ORDER.id, never));
  expect(await bench.held()).toBe(100 * ITEM_NANO_USD);
});

it("a process that is gone while it collects holds up no other for more than two minutes", async () => {
  const bench = await openTestBatches();
  await bench.start().submit(ORDER, never);
  bench.vendor.finish(answered);
  const gone = bench.start().collect(ORDER.id, never);
  await gone.next();
  const goOn = async () => await Array.fromAsync(bench.start().collect(ORDER.id, never));
  await bench.clock.advance(2 * MINUTE_MS - 1);
  await expect(goOn()).rejects.toMatchObject({ reason: "taken" });
  await bench.clock.advance(1);
  expect(await goOn()).toHaveLength(100);
});

it("a process that reads for long keeps its claim as long as it goes on", async () => {
  const bench = await openTestBatches();
  const order = toOrder({ items: toItems(300) });
  await bench.start().submit(order, never);
  bench.vendor.finish(answered);
  let read = 0;
  for await (const _ of bench.start().collect(order.id, never)) {
    if (++read % 64 !== 0) continue;
    await bench.clock.advance(MINUTE_MS);
    await expect(Array.fromAsync(bench.start().collect(order.id, never))).rejects.toMatchObject({
      reason: "taken",
    });
  }
  expect(await bench.entries()).toHaveLength(300);
});

it("a process that took too long over one piece leaves the rest to whoever went on", async () => {
  const bench = await openTestBatches();
  await bench.start().submit(ORDER, never);
  bench.vendor.finish(answered);
  const slow = bench.start().collect(ORDER.id, never);
  await slow.next();
  await bench.clock.advance(31 * MINUTE_MS);
  expect(await Array.fromAsync(bench.start().collect(ORDER.id, never))).toHaveLength(100);
  await expect(Array.fromAsync(slow)).rejects.toMatchObject({ reason: "taken" });
  expect(await bench.entries()).toHaveLength(100);
  expect(await bench.held()).toBe(100 * ITEM_NANO_USD);
});
