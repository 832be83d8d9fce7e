import { afterAll, beforeAll, expect, it } from "vitest";
import { UsageReport } from "#schema/usage.ts";
import { ledgerEntry } from "#data/repositories/ledger-entry.fixture.ts";
import { createStillClock, openTestServer, type TestServer } from "#server/testing/open-test-server.ts";
import { createMemoryTokenStore } from "../token-store.ts";
import { createAuth } from "./auth.ts";
import { createHttpClient } from "./http-client.ts";
import { createUsage } from "./usage.ts";

let server: TestServer;
beforeAll(async () => {
  const clock = createStillClock(Date.UTC(2026, 10, 16));
  server = await openTestServer({ clock, env: { BUDGET_GUEST_USD: "0.25" } });
});
afterAll(() => server.close());

async function openGuest() {
  const tokens = createMemoryTokenStore();
  const http = createHttpClient({ url: server.url, fetch, tokens });
  const { id } = await createAuth(http, tokens).guest();
  return { id, usage: createUsage(http) };
}

it("somebody who has spent nothing reads an empty month and what they may spend", async () => {
  const { usage } = await openGuest();
  const report = await usage.read();
  expect(UsageReport.parse(report)).toEqual(report);
  expect(report).toMatchObject({ month: "2026-11", calls: 0, spentUsd: 0, limitUsd: 0.25, status: "active" });
});

it("each month is read by itself", async () => {
  const { id, usage } = await openGuest();
  const atMs = Date.UTC(2026, 9, 5);
  await server.app.repositories.ledger.append([
    ledgerEntry(`${id} 1`, { accountId: id, atMs, costNanoUsd: 42_000 }),
  ]);
  const [october, november] = [await usage.read({ month: "2026-10" }), await usage.read()];
  expect([october.spentUsd, november.spentUsd]).toEqual([0.000042, 0]);
  expect(november.months).toMatchObject([{ month: "2026-10", costUsd: 0.000042 }]);
});

it("what is no month is refused, and a call may be given up", async () => {
  const { usage } = await openGuest();
  await expect(usage.read({ month: "November" })).rejects.toMatchObject({
    code: "invalid-query",
    status: 400,
  });
  await expect(usage.read({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "aborted" });
});
