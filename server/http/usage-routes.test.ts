import { expect, test } from "vitest";
import { UsageReport } from "#schema/usage.ts";
import { ledgerEntry } from "#data/repositories/ledger-entry.fixture.ts";
import type { NewLedgerEntry } from "#data/repositories/ledger.ts";
import { NOW_MS, openSpendingServer, USD } from "../spending/spending-server.fixture.ts";

const DAY_MS = 86_400_000;
const MONTH = "month:ann:2026-11";
const entry = (id: string, changes: Partial<NewLedgerEntry> = {}) =>
  ledgerEntry(id, { atMs: NOW_MS - DAY_MS, ...changes });

async function openWith(...entries: NewLedgerEntry[]) {
  const server = await openSpendingServer();
  await server.repositories.ledger.append(entries);
  const read = async (query = ""): Promise<UsageReport> => {
    const { status, body } = await server.call(`GET /api/usage${query}`, { token: "ann" });
    expect(status).toBe(200);
    return UsageReport.parse(body);
  };
  return { ...server, read };
}

test("who has spent nothing reads of nothing", async () => {
  const { read } = await openWith(entry("bob's", { accountId: "bob" }));
  expect(await read()).toEqual({
    month: "2026-11",
    spentUsd: 0,
    spentPrepaidUsd: 0,
    limitUsd: 1,
    prepaidUsd: 0,
    status: "active",
    alerts: [],
    projectedUsd: 0,
    calls: 0,
    estimates: 0,
    tokens: { input: 0, cached: 0, cacheWrite: 0, output: 0, thinking: 0 },
    cacheHitShare: null,
    byProvider: [],
    byModel: [],
    byTask: [],
    byConversation: [],
    byPersona: [],
    months: [],
  });
});

test("a month is told by provider, model, task, conversation and persona, dearest first", async () => {
  const { read } = await openWith(
    entry("a", { conversationId: "c1", personaId: "p1", costNanoUsd: 1 }),
    entry("b", { conversationId: "c1", personaId: "p2", costNanoUsd: 300_000_002, model: "fine" }),
    entry("c", { provider: "openai", costNanoUsd: 100_000_000, task: "summary", isEstimate: true }),
    entry("other month", { atMs: NOW_MS - 20 * DAY_MS, costNanoUsd: 5 }),
  );
  const row = { inputTokens: 160, cachedTokens: 50, outputTokens: 20, calls: 1 };
  const two = { inputTokens: 320, cachedTokens: 100, outputTokens: 40, calls: 2 };
  const report = await read();
  expect(report).toMatchObject({
    spentUsd: 0.400000003,
    calls: 3,
    estimates: 1,
    tokens: { input: 480, cached: 150, cacheWrite: 30, output: 60, thinking: 15 },
    cacheHitShare: 150 / 480,
    projectedUsd: 0.800000006,
  });
  expect(report.byProvider).toEqual([
    { provider: "groq", ...two, costUsd: 0.300000003 },
    { provider: "openai", ...row, costUsd: 0.1 },
  ]);
  expect(report.byModel).toEqual([
    { provider: "groq", model: "fine", ...row, costUsd: 0.300000002 },
    { provider: "openai", model: "fast", ...row, costUsd: 0.1 },
    { provider: "groq", model: "fast", ...row, costUsd: 1e-9 },
  ]);
  expect(report.byTask).toEqual([
    { task: "turn", ...two, costUsd: 0.300000003 },
    { task: "summary", ...row, costUsd: 0.1 },
  ]);
  expect(report.byConversation).toEqual([{ conversationId: "c1", ...two, costUsd: 0.300000003 }]);
  expect(report.byPersona.map(({ personaId }) => personaId)).toEqual(["p2", "p1"]);
  expect(report.months.map(({ month, costUsd }) => [month, costUsd])).toEqual([
    ["2026-10", 5e-9],
    ["2026-11", 0.400000003],
  ]);
});

test("of many conversations the hundred dearest are told", async () => {
  const { read } = await openWith(
    ...Array.from({ length: 130 }, (_, n) => entry(`n${n}`, { conversationId: `c${n}`, costNanoUsd: n })),
  );
  const { byConversation, calls } = await read();
  expect(calls).toBe(130);
  expect(byConversation.map(({ conversationId }) => conversationId)).toEqual(
    Array.from({ length: 100 }, (_, n) => `c${129 - n}`),
  );
});

test("another month is told when it is asked for, and is not projected further", async () => {
  const { read } = await openWith(entry("a", { atMs: NOW_MS - 20 * DAY_MS, costNanoUsd: 5 * USD }));
  expect(await read("?month=2026-10")).toMatchObject({ month: "2026-10", spentUsd: 5, projectedUsd: 5 });
  expect(await read("?month=2026-12")).toMatchObject({ spentUsd: 0, projectedUsd: null });
});

test("in its first day a month is not projected", async () => {
  const { read, clock } = await openWith(entry("a", { atMs: Date.UTC(2026, 11, 1), costNanoUsd: USD }));
  clock.jump(16 * DAY_MS - 1);
  expect(await read()).toMatchObject({ month: "2026-12", spentUsd: 1, projectedUsd: null });
  clock.jump(1);
  expect(await read()).toMatchObject({ projectedUsd: 31 });
});

test.each(["2026-13", "2026-1", "november", "1999-12"])("%s is no month", async (month) => {
  const { call } = await openWith();
  const { status, body } = await call(`GET /api/usage?month=${month}`, { token: "ann" });
  expect([status, body.error.code]).toEqual([400, "invalid-query"]);
});

test("shares of the limit that were reached are told, until nothing is left", async () => {
  const { read, repositories } = await openWith();
  await repositories.purses.take(MONTH, USD, USD, 1);
  await repositories.purses.noteAlert(MONTH, 50, 7);
  expect(await read()).toMatchObject({ status: "active", alerts: [{ percent: 50, atMs: 7 }] });
  await repositories.purses.noteAlert(MONTH, 100, 9);
  expect(await read()).toMatchObject({ status: "active", spentUsd: 0 });
  // What a call may cost at most no longer fits: all calls are refused, although a little is left.
  await repositories.ledger.append([entry("a", { costNanoUsd: 0.95 * USD })]);
  expect(await read()).toMatchObject({ status: "suspended", spentUsd: 0.95 });
  // A higher limit makes it a little again.
  await repositories.accounts.put("ann", { monthlyNanoUsd: 2 * USD }, 10);
  expect(await read()).toMatchObject({ status: "active" });
});

test("what was paid in counts beyond the limit, and keeps the account active", async () => {
  const { read, repositories } = await openWith(
    entry("a", { costNanoUsd: USD }),
    entry("b", { costNanoUsd: USD / 4, prepaidNanoUsd: USD / 4 }),
  );
  expect(await read()).toMatchObject({ status: "suspended", prepaidUsd: 0 });
  await repositories.accounts.put("ann", { prepaidNanoUsd: 2 * USD }, 1);
  expect(await read()).toMatchObject({
    status: "active",
    spentUsd: 1.25,
    spentPrepaidUsd: 0.25,
    limitUsd: 1,
    prepaidUsd: 1.75,
  });
  await repositories.accounts.put("ann", { isSuspended: true }, 1);
  expect(await read()).toMatchObject({ status: "suspended" });
});
