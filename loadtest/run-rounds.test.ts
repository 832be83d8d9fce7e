import { describe, expect, it } from "vitest";
import type { BenchContext } from "./define-bench.ts";
import { ROUNDS, runRounds } from "./run-rounds.ts";

const context = (given: Partial<BenchContext>): BenchContext => ({
  quick: false,
  chromiumPath: "",
  profile: false,
  seeds: ["1", "2"],
  progress() {},
  ...given,
});

async function orderOf(given: Partial<BenchContext>): Promise<string[]> {
  const order: string[] = [];
  const arm = (name: string) => async () => order.push(name);
  await runRounds(context(given), { a: arm("a"), b: arm("b"), c: arm("c") });
  return order;
}

describe("runRounds", () => {
  it("measures every arm once in each round", async () => {
    const order = await orderOf({});
    expect(order).toHaveLength(3 * ROUNDS);
    for (let round = 0; round < ROUNDS; round++) {
      expect(order.slice(3 * round, 3 * round + 3).sort()).toEqual(["a", "b", "c"]);
    }
  });

  it("keeps the samples of a round at one index, whatever its order was", async () => {
    const samples = await runRounds(context({}), {
      a: async (round) => `a${round}`,
      b: async (round) => `b${round}`,
    });
    expect(samples.a).toEqual(["a0", "a1", "a2", "a3", "a4"]);
    expect(samples.b).toEqual(["b0", "b1", "b2", "b3", "b4"]);
  });

  it("takes its order from the seeds and from nothing else", async () => {
    expect(await orderOf({ seeds: ["7"] })).toEqual(await orderOf({ seeds: ["7"] }));
    const orders = await Promise.all(["1", "2", "3", "4"].map((seed) => orderOf({ seeds: [seed] })));
    expect(new Set(orders.map((order) => order.join(""))).size).toBeGreaterThan(1);
  });

  it("does as many as are asked for", async () => {
    const samples = await runRounds(context({}), { a: async (round) => round }, 7);
    expect(samples.a).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it("does one round in a smoke run", async () => {
    expect(await orderOf({ quick: true })).toHaveLength(3);
    expect((await runRounds(context({ quick: true }), { a: async () => "a" }, 7)).a).toHaveLength(1);
  });
});
