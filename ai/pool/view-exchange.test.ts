import { beforeEach, expect, test } from "vitest";
import { createFakeClock, type FakeClock } from "../fake-clock.ts";
import { createActivePool, toPoolEntry } from "./active-pool.ts";
import { createPoolHealth } from "./health.ts";
import { createViewingHours } from "./viewing-hours.ts";
import { createMemoryPorts, type MemoryPorts } from "./memory-ports.ts";
import { createConversation } from "./pool-entry.fixture.ts";
import { createViewExchange } from "./view-exchange.ts";

const HOUR = "2026-01-01T00";
const conversations = [0, 1].map((index) => createConversation(HOUR, index));
const [first, second] = conversations.map(({ id }) => id) as [string, string];

let ports: MemoryPorts;
let clock: FakeClock;

beforeEach(() => {
  ports = createMemoryPorts();
  clock = createFakeClock(Date.UTC(2026, 0, 1, 0, 30));
  for (const conversation of conversations) {
    ports.conversations.records.set(conversation.id, structuredClone(conversation));
  }
});

/** What one process knows, with the two conversations in its pool. */
function start(name: string) {
  const pool = createActivePool();
  for (const conversation of conversations) pool.add(toPoolEntry(conversation));
  const viewing = createViewingHours(name, clock);
  const health = createPoolHealth(pool, clock, viewing);
  const { viewingHours } = ports;
  const exchange = createViewExchange({
    conversations: ports.conversations,
    viewingHours,
    health,
    viewing,
    clock,
  });
  const see = (userId: string, conversationId: string, score: number): void =>
    health.observeView({ userId, conversationId, cast: [{ score }] });
  return { exchange, see, figures: () => health.figures() };
}

test("processes learn of each other's views, scores and users, and count none twice", async () => {
  const [a, b] = [start("a"), start("b")];
  a.see("anna", first, 8);
  b.see("anna", second, 6);
  b.see("ben", first, 4);
  for (let round = 0; round < 3; round++) {
    for (const { exchange } of [a, b]) await exchange.report();
    for (const { exchange } of [a, b]) await exchange.learn();
    await clock.advance(60_000);
  }
  for (const { figures } of [a, b]) {
    expect(figures()).toMatchObject({
      view_count_per_conversation: 1.5,
      unique_users_24h: 2,
      average_match_score: 6,
    });
  }
});

test("a process that starts anew knows what was reported before, and adds what it sees itself", async () => {
  const before = start("before");
  before.see("anna", first, 9);
  await before.exchange.report();
  const after = start("after");
  await after.exchange.learn();
  after.see("ben", first, 5);
  expect(after.figures()).toMatchObject({
    view_count_per_conversation: 1,
    unique_users_24h: 2,
    average_match_score: 7,
  });
});

test("what could not be reported is reported later", async () => {
  const a = start("a");
  a.see("anna", first, 9);
  ports.failWith = new Error("away");
  await expect(a.exchange.report()).rejects.toThrow("away");
  ports.failWith = null;
  await a.exchange.report();
  expect(ports.conversations.records.get(first)?.viewCount).toBe(1);
  expect([...ports.viewingHours.records.values()]).toMatchObject([{ process: "a", scoreSum: 9 }]);
});
