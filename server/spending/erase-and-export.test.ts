import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ERASED_ACCOUNT } from "#schema/stored/ledger-entry.ts";
import { ledgerEntry } from "#data/repositories/ledger-entry.fixture.ts";
import { withoutErased } from "../create-eraser.ts";
import { openTestServer, type TestServer } from "../testing/open-test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await openTestServer();
});
afterAll(() => server.close());

/** A guest who had two calls made for them, and about whose budget an operator decided. */
async function spender() {
  const { ledger, purses, accounts } = server.app.repositories;
  const guest = await server.guest("Ada");
  const own = { accountId: guest.id, conversationId: `talk of ${guest.id}`, personaId: "p1" };
  await ledger.append([
    ledgerEntry(`${guest.id} 2`, { ...own, atMs: Date.UTC(2026, 10, 2), costNanoUsd: 500 }),
    ledgerEntry(`${guest.id} 1`, { ...own, atMs: Date.UTC(2026, 9, 1) }),
  ]);
  await purses.take(`month:${guest.id}:2026-11`, 1, 10, 1);
  await accounts.put(guest.id, { monthlyNanoUsd: 3_000_000_000, isSuspended: true }, 5);
  return guest;
}

describe("the export", () => {
  it("holds what was spent for me, call by call and month by month, and my budget", async () => {
    const other = await spender();
    const { token, id } = await spender();
    const { body } = await server.call("GET /api/me/export", { token });
    expect(body.usage.entries).toMatchObject([{ id: `${id} 1` }, { id: `${id} 2`, costNanoUsd: 500 }]);
    expect(body.usage.months).toMatchObject([
      { month: "2026-10", costUsd: 1e-6 },
      {
        month: "2026-11",
        costUsd: 5e-7,
        byProvider: [{ provider: "groq", calls: 1, costUsd: 5e-7 }],
        byConversation: [{ conversationId: `talk of ${id}`, calls: 1 }],
      },
    ]);
    expect(body.budget).toEqual({ monthlyUsd: 3, prepaidUsd: 0, suspended: true, updatedAtMs: 5 });
    expect(JSON.stringify(body)).not.toContain(other.id);
  });

  it("says of nobody's decision nothing", async () => {
    const { token } = await server.guest();
    const { body } = await server.call("GET /api/me/export", { token });
    expect([body.usage, body.budget]).toEqual([{ months: [], entries: [] }, null]);
  });
});

describe("erasing me", () => {
  it("leaves the amounts in the books and nothing that leads to me", async () => {
    const { ledger, purses, accounts } = server.app.repositories;
    const { token, id } = await spender();
    const before = await ledger.sumDay("2026-11-02", []);
    await server.call("DELETE /api/me", { token });
    expect(await ledger.sumDay("2026-11-02", [])).toEqual(before);
    expect(await Array.fromAsync(ledger.iterateByAccount(id))).toEqual([]);
    expect((await ledger.sumConversation(`talk of ${id}`)).calls).toBe(0);
    expect(await purses.get(`month:${id}:2026-11`)).toBeNull();
    expect(await accounts.get(id)).toBeNull();
  });

  it("lets what ends afterwards write amounts alone, and take nothing more", async () => {
    const { id } = await server.guest();
    const { ledger, purses, accounts } = withoutErased(server.app.repositories, (userId) => userId === id);
    await ledger.append([
      ledgerEntry("late", { accountId: id, conversationId: "c", personaId: "p" }),
      ledgerEntry("other's", { accountId: "other", conversationId: "c" }),
    ]);
    expect(await Array.fromAsync(ledger.iterateByAccount(id))).toEqual([]);
    const erased = await Array.fromAsync(ledger.iterateByAccount(ERASED_ACCOUNT));
    const late = erased.find((entry) => entry.id === "late");
    expect(late).toMatchObject({ costNanoUsd: 1_000 });
    expect([late?.conversationId, late?.personaId]).toEqual([undefined, undefined]);
    expect((await ledger.sumConversation("c")).calls).toBe(1);

    expect(await purses.take(`prepaid:${id}`, 1, 10, 1)).toBeNull();
    expect(await purses.get(`prepaid:${id}`)).toBeNull();
    expect(await purses.take("prepaid:other", 1, 10, 1)).toBe(1);
    await expect(accounts.put(id, { isSuspended: false }, 1)).rejects.toMatchObject({ status: 404 });
    expect(await accounts.get(id)).toBeNull();
  });
});
