import { describe, expect, it } from "vitest";
import { createFakeClock } from "../fake-clock.ts";
import { type BudgetAlert, createBudgets } from "./budgets.ts";
import { createMemoryAccounts, createMemoryPurses, RICH } from "./memory-ports.fixture.ts";
import type { AccountTerms } from "./ports.ts";

const START_MS = Date.UTC(2026, 10, 30, 23, 59);
const poor: AccountTerms = { monthlyNanoUsd: 1_000, prepaidNanoUsd: 0, isSuspended: false };

function setUp(terms: Record<string, AccountTerms> = {}) {
  const clock = createFakeClock(START_MS);
  const purses = createMemoryPurses();
  const alerts: BudgetAlert[] = [];
  const errors: unknown[] = [];
  const budgets = createBudgets({
    purses,
    accounts: createMemoryAccounts(terms),
    clock,
    onAlert: (alert) => alerts.push(alert),
    onError: (error) => errors.push(error),
  });
  return { clock, purses, budgets, alerts, errors };
}

describe("a budget", () => {
  it("sets aside the worst case and pays what the call cost", async () => {
    const { budgets, purses } = setUp({ ada: poor });
    const reserved = await budgets.reserve({ accountId: "ada" }, 900);
    expect(await budgets.reserve({ accountId: "ada" }, 200)).toBeUndefined();
    expect(reserved?.settle(100)).toBe(0);
    expect(await budgets.reserve({ accountId: "ada" }, 900)).toBeDefined();
    expect(purses.held("month:ada:2026-11")).toBe(1_000);
  });

  it("lets only one of two racing calls have the last cent", async () => {
    const { budgets } = setUp({ ada: poor });
    const calls = Array.from({ length: 20 }, async () => await budgets.reserve({ accountId: "ada" }, 600));
    expect((await Promise.all(calls)).filter(Boolean)).toHaveLength(1);
  });

  it("gives everything back in the end, also of a purse made anew while the one before was being put away", async () => {
    const { budgets, purses } = setUp();
    const giveBack = purses.giveBack.bind(purses);
    const slow = Promise.withResolvers<void>();
    purses.giveBack = async (id, amount, atMs) => {
      if (amount > 0) await slow.promise;
      return await giveBack(id, amount, atMs);
    };
    (await budgets.reserve({ accountId: "ada" }, 1_000))?.settle(1_000);
    budgets.forget("ada");
    budgets.forget("ada");
    await new Promise(setImmediate);
    const later = await budgets.reserve({ accountId: "ada" }, 1_000);
    slow.resolve();
    await new Promise(setImmediate);
    later?.settle(1_000);
    await budgets.close();
    expect(purses.held("month:ada:2026-11")).toBe(2_000);
  });

  it("begins anew with the month, in UTC", async () => {
    const { budgets, clock } = setUp({ ada: poor });
    await budgets.reserve({ accountId: "ada" }, 1_000);
    expect(await budgets.reserve({ accountId: "ada" }, 1)).toBeUndefined();
    await clock.advance(60_000);
    expect(await budgets.reserve({ accountId: "ada" }, 1_000)).toBeDefined();
  });

  it("turns to what was paid in before when the month is used up, and says so", async () => {
    const { budgets, purses } = setUp({ ada: { ...poor, prepaidNanoUsd: 500 } });
    (await budgets.reserve({ accountId: "ada" }, 1_000))?.settle(1_000);
    const prepaid = await budgets.reserve({ accountId: "ada" }, 500);
    expect(prepaid?.settle(300)).toBe(300);
    expect(await budgets.reserve({ accountId: "ada" }, 201)).toBeUndefined();
    await budgets.close();
    expect(purses.held("prepaid:ada")).toBe(300);
  });

  it("lets a suspended account spend nothing, until its terms change", async () => {
    const terms = { ada: { ...RICH, isSuspended: true } };
    const { budgets } = setUp(terms);
    expect(await budgets.reserve({ accountId: "ada" }, 1)).toBeUndefined();
    terms.ada = RICH;
    expect(await budgets.reserve({ accountId: "ada" }, 1)).toBeUndefined();
    budgets.forget("ada");
    expect(await budgets.reserve({ accountId: "ada" }, 1)).toBeDefined();
  });

  it("notices terms that another process changed after half a minute", async () => {
    const terms: Record<string, AccountTerms> = { ada: poor };
    const { budgets, clock } = setUp(terms);
    await budgets.reserve({ accountId: "ada" }, 1_000);
    expect(await budgets.reserve({ accountId: "ada" }, 1)).toBeUndefined();
    terms["ada"] = RICH;
    await clock.advance(30_000);
    expect(await budgets.reserve({ accountId: "ada" }, 1)).toBeDefined();
  });

  it("keeps a conversation to its own limit, and gives back what its payer cannot pay", async () => {
    const { budgets, purses } = setUp({ ada: poor });
    const payer = { accountId: "ada", conversationId: "c", conversationLimitNanoUsd: 5_000 };
    expect(await budgets.reserve(payer, 1_001)).toBeUndefined();
    const tight = { ...payer, conversationId: "d", conversationLimitNanoUsd: 100 };
    expect(await budgets.reserve(tight, 101)).toBeUndefined();
    expect(await budgets.reserve(tight, 100)).toBeDefined();
    await budgets.close();
    expect(purses.held("conversation:c")).toBe(0);
    expect(purses.held("conversation:d")).toBe(100);
  });

  it("costs nothing where nothing is asked, even when all is spent", async () => {
    const { budgets, purses } = setUp({ ada: { ...poor, monthlyNanoUsd: 0 } });
    expect(await budgets.reserve({ accountId: "ada" }, 0)).toBeDefined();
    expect(purses.takes()).toBe(0);
  });

  it("tells of half, four fifths and the whole, each once, and of whom", async () => {
    const { budgets, clock, alerts } = setUp({ ada: poor });
    for (let call = 0; call < 12; call++) (await budgets.reserve({ accountId: "ada" }, 100))?.settle(100);
    await clock.advance(0);
    expect(alerts).toEqual([50, 80, 100].map((percent) => ({ accountId: "ada", percent })));
  });

  it("gives back what is in hand of an account whose terms change", async () => {
    const terms = { ada: RICH };
    const { budgets, clock, purses } = setUp(terms);
    (await budgets.reserve({ accountId: "ada" }, 1_000))?.settle(10);
    terms.ada = { ...RICH, monthlyNanoUsd: 0 };
    budgets.forget("ada");
    expect(await budgets.reserve({ accountId: "ada" }, 1_000)).toBeUndefined();
    await clock.advance(0);
    expect(purses.held("month:ada:2026-11")).toBe(10);
  });

  it("goes by terms that changed while they were being read", async () => {
    const terms: Record<string, AccountTerms> = { ada: RICH };
    const { budgets } = setUp(terms);
    const reading = budgets.reserve({ accountId: "ada" }, 1);
    terms["ada"] = { ...RICH, isSuspended: true };
    budgets.forget("ada");
    await reading;
    expect(await budgets.reserve({ accountId: "ada" }, 1)).toBeUndefined();
  });

  it("keeps no clock running once it is closed, be it tidying just then", async () => {
    const { budgets, clock, purses } = setUp();
    (await budgets.reserve({ accountId: "ada" }, 1_000))?.release();
    const tidying = clock.advance(30_000);
    await budgets.close();
    await tidying;
    (await budgets.reserve({ accountId: "ada" }, 1_000))?.release();
    await clock.advance(120_000);
    expect(purses.held("month:ada:2026-11")).toBeGreaterThan(0);
  });

  it("gives back what lies idle after half a minute, and all of it at the end", async () => {
    const { budgets, purses, clock } = setUp();
    (await budgets.reserve({ accountId: "ada" }, 1_000))?.settle(10);
    (await budgets.reserve({ accountId: "bea" }, 1_000))?.settle(10);
    expect(purses.held("month:ada:2026-11")).toBe(50_000);
    await clock.advance(60_000);
    expect(purses.held("month:ada:2026-11")).toBe(10);
    await budgets.close();
    expect(purses.held("month:bea:2026-11")).toBe(10);
  });

  it("outlives a store that is away for a moment", async () => {
    const { budgets, purses, clock, errors } = setUp();
    purses.failNext();
    await expect(budgets.reserve({ accountId: "ada" }, 5)).rejects.toThrow("store");
    (await budgets.reserve({ accountId: "ada" }, 5))?.release();
    await clock.advance(29_000);
    purses.failNext();
    await clock.advance(31_000);
    expect(errors).toHaveLength(1);
    // Nobody knows whether that was given back: it stays taken, until the purse is healed.
    expect(await budgets.reserve({ accountId: "ada" }, 5)).toBeDefined();
  });
});
