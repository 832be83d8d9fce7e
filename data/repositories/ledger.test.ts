import { expect, test } from "vitest";
import { ERASED_ACCOUNT } from "#schema/stored/ledger-entry.ts";
import { ledgerEntry } from "./ledger-entry.fixture.ts";
import { type Ledger, type NewLedgerEntry, openLedger } from "./ledger.ts";
import { openMemoryStore } from "./memory-store.fixture.ts";

const DAY_MS = 86_400_000;
const NOV = Date.UTC(2026, 10, 1);

async function openWith(...entries: NewLedgerEntry[]): Promise<Ledger> {
  const ledger = await openLedger(await openMemoryStore());
  await ledger.append(entries);
  return ledger;
}

const entriesOf = async (ledger: Ledger, accountId: string) => {
  return await Array.fromAsync(ledger.iterateByAccount(accountId));
};

test("an entry that is added again counts once", async () => {
  const ledger = await openWith(ledgerEntry("a"), ledgerEntry("b"));
  await ledger.append([ledgerEntry("b"), ledgerEntry("c")]);
  expect(await ledger.sumMonth("ann", "2026-11", [])).toMatchObject([{ calls: 3, costNanoUsd: 3_000 }]);
});

test("an account's month is summed over its days, without other months and accounts", async () => {
  const ledger = await openWith(
    ledgerEntry("first", { atMs: NOV }),
    ledgerEntry("last", { atMs: NOV + 30 * DAY_MS - 1, isEstimate: true, prepaidNanoUsd: 400 }),
    ledgerEntry("before", { atMs: NOV - 1 }),
    ledgerEntry("after", { atMs: NOV + 30 * DAY_MS }),
    ledgerEntry("bob", { accountId: "bob" }),
  );
  expect(await ledger.sumMonth("ann", "2026-11", [])).toEqual([
    {
      key: {},
      calls: 2,
      estimates: 1,
      uncachedInputTokens: 200,
      cachedInputTokens: 100,
      cacheWriteTokens: 20,
      outputTokens: 40,
      thinkingTokens: 10,
      costNanoUsd: 2_000,
      prepaidNanoUsd: 400,
    },
  ]);
  expect(await ledger.sumMonth("ann", "2026-09", [])).toEqual([]);
});

test("a month is told apart by what is asked for, and who lacks it stands alone", async () => {
  const ledger = await openWith(
    ledgerEntry("a", { model: "fast", conversationId: "c1", personaId: "p1" }),
    ledgerEntry("b", { model: "fast", conversationId: "c1", atMs: NOV }),
    ledgerEntry("c", { model: "fine", conversationId: "c2", task: "summary" }),
    ledgerEntry("d", { provider: "openai", model: "fast" }),
  );
  const calls = async (...by: ("provider" | "model" | "task" | "conversationId" | "personaId")[]) => {
    const sums = await ledger.sumMonth("ann", "2026-11", by);
    return Object.fromEntries(sums.map(({ key, calls }) => [by.map((field) => key[field]).join(" "), calls]));
  };
  expect(await calls("provider", "model")).toEqual({ "groq fast": 2, "groq fine": 1, "openai fast": 1 });
  expect(await calls("task")).toEqual({ turn: 3, summary: 1 });
  expect(await calls("conversationId")).toEqual({ "": 1, c1: 2, c2: 1 });
  expect(await calls("personaId")).toEqual({ "": 3, p1: 1 });
});

test("months, a day of everybody's and a conversation are summed", async () => {
  const ledger = await openWith(
    ledgerEntry("a", { atMs: Date.UTC(2026, 8, 3) }),
    ledgerEntry("b", { atMs: NOV, conversationId: "c1" }),
    ledgerEntry("c", { atMs: NOV, conversationId: "c1", accountId: "bob", isEstimate: true }),
    ledgerEntry("d", { atMs: NOV + DAY_MS }),
  );
  const months = async (from: string) =>
    (await ledger.sumMonths("ann", from)).map(({ key, calls }) => [key.month, calls]);
  expect(await months("2026-01")).toEqual([
    ["2026-09", 1],
    ["2026-11", 2],
  ]);
  expect(await months("2026-10")).toEqual([["2026-11", 2]]);
  expect(await ledger.sumDay("2026-11-01", ["provider"])).toMatchObject([
    { key: { provider: "groq" }, calls: 2, estimates: 1 },
  ]);
  expect(await ledger.sumConversation("c1")).toMatchObject({ calls: 2, costNanoUsd: 2_000 });
  expect(await ledger.sumConversation("c2")).toMatchObject({ calls: 0, costNanoUsd: 0 });
});

test("erasing keeps the amounts and forgets whose they were and what for", async () => {
  const many = Array.from({ length: 450 }, (_, n) =>
    ledgerEntry(`n${n}`, { conversationId: `c${n}`, personaId: "p1", prepaidNanoUsd: n % 2 }),
  );
  const ledger = await openWith(...many, ledgerEntry("other", { accountId: "bob", conversationId: "c1" }));
  const before = await ledger.sumDay("2026-11-22", []);
  await ledger.anonymize("ann");
  expect(await entriesOf(ledger, "ann")).toEqual([]);
  expect(await ledger.prepaidSpent("ann")).toBe(0);
  expect(await ledger.sumDay("2026-11-22", [])).toEqual(before);
  const erased = await entriesOf(ledger, ERASED_ACCOUNT);
  expect(erased).toHaveLength(450);
  expect(erased.some((entry) => "conversationId" in entry || "personaId" in entry)).toBe(false);
  expect(await ledger.sumConversation("c1")).toMatchObject({ calls: 1 });
});

test("entries go after 400 days, but for those that prove what is left of a prepaid balance", async () => {
  const old = { atMs: NOV - 401 * DAY_MS };
  const ledger = await openWith(
    ledgerEntry("old", old),
    ledgerEntry("paid before", { ...old, prepaidNanoUsd: 700 }),
    ledgerEntry("nobody's", { ...old, prepaidNanoUsd: 700, accountId: ERASED_ACCOUNT }),
    ledgerEntry("new", { atMs: NOV, prepaidNanoUsd: 50 }),
  );
  expect(await ledger.expire(NOV)).toBe(2);
  expect((await entriesOf(ledger, "ann")).map(({ id }) => id)).toEqual(["paid before", "new"]);
  expect(await entriesOf(ledger, ERASED_ACCOUNT)).toEqual([]);
  expect(await ledger.prepaidSpent("ann")).toBe(750);
});
