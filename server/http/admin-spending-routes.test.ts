import { describe, expect, it } from "vitest";
import { BudgetCard, ServerUsageReport } from "#schema/usage.ts";
import { ledgerEntry } from "#data/repositories/ledger-entry.fixture.ts";
import type { NewLedgerEntry } from "#data/repositories/ledger.ts";
import { NOW_MS, openSpendingServer, USD } from "../spending/spending-server.fixture.ts";

const DAY_MS = 86_400_000;
const entry = (id: string, changes: Partial<NewLedgerEntry> = {}) =>
  ledgerEntry(id, { atMs: NOW_MS - DAY_MS, ...changes });

async function openDesk(...entries: NewLedgerEntry[]) {
  const server = await openSpendingServer();
  await server.repositories.ledger.append(entries);
  const put = async (id: string, body: unknown) =>
    await server.call(`PUT /api/admin/users/${id}/budget`, { token: "boss", body });
  const get = async (id: string) => await server.call(`GET /api/admin/users/${id}/budget`, { token: "boss" });
  const usage = async (query = "") => {
    const { status, body } = await server.call(`GET /api/admin/usage${query}`, { token: "boss" });
    expect(status).toBe(200);
    return ServerUsageReport.parse(body);
  };
  return { ...server, put, get, usage };
}

describe("a budget", () => {
  it("is that of the account's kind until an operator says otherwise", async () => {
    const { get } = await openDesk();
    const limit = async (id: string) => {
      const { monthlyUsd, defaultMonthlyUsd } = BudgetCard.parse((await get(id)).body);
      return [monthlyUsd, defaultMonthlyUsd];
    };
    expect(await limit("ann")).toEqual([null, 1]);
    expect(await limit("gamer")).toEqual([null, 5]);
    expect(await limit("boss")).toEqual([null, 5]);
    expect(await limit("system")).toEqual([null, 20]);
  });

  it("changes in what is named, and the account's own report follows", async () => {
    const { put, get, call, spending } = await openDesk(
      entry("a", { costNanoUsd: 500_000_001, prepaidNanoUsd: 100_000_000 }),
      entry("b", { atMs: NOW_MS - 40 * DAY_MS, costNanoUsd: USD, prepaidNanoUsd: 50_000_000 }),
    );
    await put("ann", { monthlyUsd: 0.1 });
    await put("ann", { prepaidUsd: 2 });
    const { status, body } = await put("ann", { suspended: true });
    expect([status, body]).toEqual([
      200,
      {
        accountId: "ann",
        month: "2026-11",
        monthlyUsd: 0.1,
        defaultMonthlyUsd: 1,
        prepaidUsd: 2,
        prepaidLeftUsd: 1.85,
        spentUsd: 0.500000001,
        suspended: true,
      },
    ]);
    expect((await get("ann")).body).toEqual(body);
    expect((await call("GET /api/usage", { token: "ann" })).body).toMatchObject({
      limitUsd: 0.1,
      status: "suspended",
    });
    expect(await spending.terms.terms("ann")).toEqual({
      monthlyNanoUsd: 100_000_000,
      prepaidNanoUsd: 2 * USD,
      isSuspended: true,
    });
    expect((await put("ann", { monthlyUsd: null, suspended: false })).body).toMatchObject({
      monthlyUsd: null,
      prepaidUsd: 2,
      suspended: false,
    });
  });

  it("can be that of the server's own jobs, and is nobody's who does not exist", async () => {
    const { put, get, spending } = await openDesk();
    expect((await put("system", { monthlyUsd: 0 })).body).toMatchObject({ monthlyUsd: 0 });
    expect(await spending.terms.terms("system")).toMatchObject({ monthlyNanoUsd: 0 });
    for (const { status, body } of [await get("nobody"), await put("nobody", { prepaidUsd: 1 })]) {
      expect([status, body.error.code]).toEqual([404, "not-found"]);
    }
    expect(await spending.terms.terms("nobody")).toEqual({
      monthlyNanoUsd: 0,
      prepaidNanoUsd: 0,
      isSuspended: true,
    });
  });

  it("that was lifted raises its alerts anew", async () => {
    const { put, repositories, call } = await openDesk();
    const { purses } = repositories;
    await purses.take("month:ann:2026-11", USD, USD, 1);
    for (const percent of [50, 80, 100]) await purses.noteAlert("month:ann:2026-11", percent, 1);
    await put("ann", { prepaidUsd: 0 });
    expect(await purses.reached("month:ann:2026-11")).toHaveLength(3);
    await put("ann", { monthlyUsd: 4 });
    expect((await call("GET /api/usage", { token: "ann" })).body).toMatchObject({
      alerts: [],
      status: "active",
    });
    expect(await purses.noteAlert("month:ann:2026-11", 50, 2)).toBe(true);
  });

  it("leaves a line about who changed what, without amounts, and tells whoever remembers the old one", async () => {
    const { put, changed, logged } = await openDesk();
    await put("ann", { monthlyUsd: 123, suspended: false });
    await put("nobody", { monthlyUsd: 123 });
    expect(changed).toEqual(["ann"]);
    expect(logged).toEqual([{ operator: "boss", account: "ann", fields: ["monthlyUsd", "suspended"] }]);
  });

  it.each([{ monthlyUsd: -1 }, { monthlyUsd: "1" }, { prepaidUsd: null }, { prepaidUsd: 1e9 }, { limit: 1 }])(
    "is not changed by %j",
    async (body) => {
      const { put, changed } = await openDesk();
      const answer = await put("ann", body);
      expect([answer.status, answer.body.error.code]).toEqual([400, "invalid-body"]);
      expect(changed).toEqual([]);
    },
  );

  it("is for operators alone, like the server's usage", async () => {
    const { call } = await openDesk();
    for (const line of ["GET /api/admin/usage", "GET /api/admin/users/ann/budget"] as const) {
      expect((await call(line, { token: "ann" })).status).toBe(403);
    }
    const own = await call("PUT /api/admin/users/ann/budget", { token: "ann", body: { monthlyUsd: 9 } });
    expect(own.status).toBe(403);
  });
});

describe("the server's usage", () => {
  it("adds up everybody's, by provider, model, task and day", async () => {
    const { usage } = await openDesk(
      entry("a", { costNanoUsd: 2 }),
      entry("b", { costNanoUsd: 3, accountId: "bob", model: "fine", isEstimate: true }),
      entry("c", { costNanoUsd: 4, accountId: "system", task: "pool-dialogue", atMs: NOW_MS }),
      entry("before", { atMs: NOW_MS - 20 * DAY_MS }),
    );
    const report = await usage();
    expect(report).toMatchObject({ month: "2026-11", spentUsd: 9e-9, calls: 3, estimates: 1 });
    expect(report.byProvider).toMatchObject([{ provider: "groq", calls: 3, costUsd: 9e-9 }]);
    expect(report.byModel).toMatchObject([
      { model: "fast", costUsd: 6e-9 },
      { model: "fine", costUsd: 3e-9 },
    ]);
    expect(report.byTask).toMatchObject([
      { task: "turn", costUsd: 5e-9 },
      { task: "pool-dialogue", costUsd: 4e-9 },
    ]);
    expect(report.costChecks).toEqual([
      {
        provider: "anthropic",
        day: "2026-11-15",
        billedUsd: 2,
        bookedUsd: 1.5,
        deviation: 0.25,
        alert: true,
      },
    ]);
    expect(report.byDay).toMatchObject([
      { day: "2026-11-15", calls: 2 },
      { day: "2026-11-16", calls: 1 },
    ]);
    expect(await usage("?month=2026-10")).toMatchObject({ calls: 1, month: "2026-10" });
    expect(await usage("?month=2027-01")).toMatchObject({ calls: 0, byDay: [], costChecks: [] });
  });

  it("is a minute old at most, and days that are over are read once", async () => {
    const { usage, repositories, clock } = await openDesk(entry("a"));
    expect((await usage()).calls).toBe(1);
    await repositories.ledger.append([entry("late"), entry("today", { atMs: NOW_MS })]);
    expect((await usage()).calls).toBe(1);
    clock.jump(60_000);
    expect((await usage()).byDay.map(({ day, calls }) => [day, calls])).toEqual([
      ["2026-11-15", 2],
      ["2026-11-16", 1],
    ]);
    // A batch's entries come on the day they were handed in, days later.
    clock.jump(3 * 86_400_000);
    await repositories.ledger.append([entry("of a batch")]);
    expect((await usage()).byDay.map(({ calls }) => calls)).toEqual([3, 1]);
    clock.jump(1.5 * 86_400_000);
    await usage();
    await repositories.ledger.append([entry("never"), entry("another", { atMs: NOW_MS })]);
    clock.jump(60_000);
    expect((await usage()).byDay.map(({ calls }) => calls)).toEqual([3, 2]);
  });
});
