import { expect, it } from "vitest";
import type { ModelEntry } from "#ai/catalogue/catalogue-schema.ts";
import type { ProviderName } from "#ai/providers/create-model.ts";
import type { BatchesDeps } from "#ai/gateway/batch-ports.ts";
import { answered, ITEM_NANO_USD, MINUTE_MS, never, openTestBatches } from "#ai/gateway/batches.fixture.ts";
import { createScriptedBatchModel } from "#ai/gateway/scripted-batch.fixture.ts";
import { toTarget } from "#ai/gateway/target.fixture.ts";
import { ProviderError, type ProviderFault } from "#ai/providers/provider-error.ts";
import { createPoolBatches } from "./create-pool-batches.ts";

const ID = "pool-2026-11-22T14-v1";
const PURSE = "month:system:2026-11";
const price = { input: 1, output: 10 };
const CHAIN = [toTarget("groq", price), toTarget("anthropic", price)];

const work = {
  task: "pool-dialogue",
  output: { name: "o", json: {} },
  items: ["000_a", "001_b"].map((id) => ({
    id,
    prompt: { system: [], messages: [{ role: "user" as const, text: "Write." }] },
  })),
};

interface Setting {
  readonly monthlyNanoUsd?: number;
  readonly targets?: readonly ModelEntry[];
}

/** The pool's batches at two scripted vendors, each call of `start` as in another process. */
async function open({ monthlyNanoUsd = 1e12, targets = CHAIN }: Setting = {}) {
  const terms = { monthlyNanoUsd, prepaidNanoUsd: 0, conversationNanoUsd: 1e12, isSuspended: false };
  const bench = await openTestBatches();
  const second = createScriptedBatchModel();
  const change: Partial<BatchesDeps> = {
    accounts: { terms: async () => await Promise.resolve(terms) },
    models: (provider) => ({ groq: bench.vendor, anthropic: second })[provider],
  };
  const start = () =>
    createPoolBatches({
      batches: bench.start(change),
      records: bench.records,
      catalogue: {
        plan: () => ({ targets, outputTokens: 100, temperature: undefined, effort: undefined }),
      } as never,
      available: new Set<ProviderName>(["groq", "anthropic"]),
      order: undefined,
      clock: bench.clock,
    });
  return { ...bench, second, start };
}

const refusal = (fault: ProviderFault) => new ProviderError("groq", fault);

it("a batch is handed in at the first provider that takes any, once", async () => {
  const { start, vendor, second } = await open();
  for (let process = 0; process < 2; process++) {
    expect(await start().submit(ID, work, never)).toBe("submitted");
  }
  expect([vendor.batches.length, second.batches.length]).toEqual([1, 0]);
});

it("what is over budget, or has nobody to take it, is said to be", async () => {
  const poor = await open({ monthlyNanoUsd: 1 });
  expect(await poor.start().submit(ID, work, never)).toBe("over-budget");
  const none = await open({ targets: [toTarget("together", price)] });
  expect(await none.start().submit(ID, work, never)).toBe("no-model");
  expect([...poor.vendor.batches, ...none.vendor.batches]).toEqual([]);
});

it.each(["auth", "payment", "quota", "unknown-model"] as const)(
  "the next provider is asked after one that refused (%s)",
  async (fault) => {
    const { start, vendor, second } = await open();
    vendor.failNext("submit", refusal(fault));
    expect(await start().submit(ID, work, never)).toBe("submitted");
    expect([vendor.batches.length, second.batches.length]).toEqual([0, 1]);
  },
);

it("after all have refused, what the first one said is thrown, and nothing is held", async () => {
  const { start, vendor, second, held } = await open();
  vendor.failNext("submit", refusal("auth"));
  second.failNext("submit", refusal("quota"));
  await expect(start().submit(ID, work, never)).rejects.toMatchObject({ fault: "auth" });
  expect(await held(PURSE)).toBe(0);
});

it("no other is asked while the first may have it, and it is looked for where it was", async () => {
  const { start, vendor, second, clock } = await open();
  vendor.failNext("submit", refusal("auth"));
  second.failNext("submit", refusal("timeout"), "after");
  await expect(start().submit(ID, work, never)).rejects.toMatchObject({ fault: "timeout" });
  await clock.advance(2 * MINUTE_MS);
  expect(await start().submit(ID, work, never)).toBe("submitted");
  expect([vendor.batches.length, second.batches.length]).toEqual([0, 1]);
});

it("a dropped batch is called off once, paid for when it has ended, and then open no more", async () => {
  const { start, vendor, held, events } = await open();
  const batches = start();
  await batches.submit(ID, work, never);
  const all = await held(PURSE);
  await batches.drop(ID, never);
  expect(vendor.batches[0]?.isCancelled).toBe(true);
  expect(await batches.open()).toMatchObject([{ id: ID, isCalledOff: true }]);

  vendor.failNext("cancel", new Error("called off twice"));
  await batches.drop(ID, never);
  expect(await held(PURSE)).toBe(all);

  vendor.finish((item) => (item.id === "000_a" ? answered(item) : undefined));
  // Another process goes on with it.
  await start().drop(ID, never);
  expect(await batches.open()).toEqual([]);
  expect(await held(PURSE)).toBe(ITEM_NANO_USD);
  expect(events.at(-1)).toMatchObject({ type: "cancelled", costNanoUsd: ITEM_NANO_USD });
});

it("a batch whose calling off failed is called off again", async () => {
  const { start, vendor } = await open();
  const batches = start();
  await batches.submit(ID, work, never);
  vendor.failNext("cancel", refusal("server"));
  await expect(batches.drop(ID, never)).rejects.toMatchObject({ fault: "server" });
  await batches.drop(ID, never);
  expect(vendor.batches[0]?.isCancelled).toBe(true);
});

it("what came of a batch is told with who did it; whole answers alone", async () => {
  const { start, vendor } = await open();
  const batches = start();
  expect(await batches.collect(ID, never)).toEqual([]);
  await batches.submit(ID, work, never);
  expect(await batches.collect(ID, never)).toBe("not-yet");
  vendor.finish((item) => (item.id === "000_a" ? answered(item) : { id: item.id, fault: "server" }));
  expect(await batches.collect(ID, never)).toMatchObject([
    { id: "000_a", provider: "groq", model: "groq-model" },
  ]);
});
