import type { AddressInfo } from "node:net";
import express from "express";
import { onTestFinished } from "vitest";
import type { StoredUser } from "#schema/stored/user.ts";
import { openMemoryStore } from "#data/repositories/memory-store.fixture.ts";
import { createAdminSpendingRoutes } from "../http/admin-spending-routes.ts";
import { createErrorHandler } from "../http/error-handler.ts";
import { mountRoutes } from "../http/mount-routes.ts";
import { createRateLimits } from "../http/rate-limit.ts";
import { createUsageRoutes } from "../http/usage-routes.ts";
import { createLog } from "../log.ts";
import { openRepositories } from "../open-repositories.ts";
import { createCall } from "../testing/call-api.ts";
import { createStillClock } from "../testing/open-test-server.ts";
import { compareCosts } from "./compare-costs.ts";
import { createSpending } from "./create-spending.ts";

export const USD = 1_000_000_000;
export const DEFAULTS = { guestNanoUsd: USD, userNanoUsd: 5 * USD, systemNanoUsd: 20 * USD };
export const NOW_MS = Date.UTC(2026, 10, 16);

const toUser = (id: string): StoredUser => ({
  id,
  name: id,
  role: "user",
  origin: "guest",
  createdAtMs: 1,
  lastSeenAtMs: 1,
  tokensValidFromMs: 0,
});

/** Alone the routes of money, over a store in memory; a user's token is their id. Ann and Bob are guests. */
/** One day's, as the job has judged it. */
const CHECKS = [
  compareCosts({
    provider: "anthropic",
    day: "2026-11-15",
    billedNanoUsd: 2_000_000_000,
    bookedNanoUsd: 1_500_000_000,
  }),
];

export async function openSpendingServer() {
  const repositories = await openRepositories(await openMemoryStore());
  const { users } = repositories;
  for (const user of [toUser("ann"), toUser("bob")]) await users.create(user);
  await users.create({ ...toUser("boss"), role: "admin" });
  await users.create({ ...toUser("gamer"), origin: "trusted", subject: "s" });

  const clock = createStillClock(NOW_MS);
  const changed: string[] = [];
  const logged: object[] = [];
  const spending = createSpending({
    repositories,
    defaults: DEFAULTS,
    onChanged: (accountId) => changed.push(accountId),
    heldByBatches: () => Promise.resolve(0),
    costChecks: () => CHECKS,
    nowMs: () => clock.nowMs(),
    log: { info: (fields: object) => void logged.push(fields) },
  });
  const app = express();
  const auth = {
    async authenticate(token = "") {
      return { userId: token, role: (await users.get(token))?.role ?? "user" };
    },
  };
  const routes = [...createUsageRoutes(spending), ...createAdminSpendingRoutes(spending)];
  mountRoutes(app, routes, { auth, rateLimits: createRateLimits(10_000) });
  app.use(createErrorHandler(createLog("silent")));
  const server = app.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(() => void server.close());
  const call = createCall(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return { repositories, spending, clock, changed, logged, call };
}
