import { beforeEach, describe, expect, test } from "vitest";
import { createFakeClock, type FakeClock } from "../fake-clock.ts";
import { createActivePool, toPoolEntry, type ActivePool } from "./active-pool.ts";
import { createPoolHealth, type PoolHealth } from "./health.ts";
import { createViewingHours } from "./viewing-hours.ts";
import { createMemoryLog, createMemoryPorts, type MemoryPorts } from "./memory-ports.ts";
import { createConversation } from "./pool-entry.fixture.ts";
import { createPoolSync, type PoolSync } from "./pool-sync.ts";
import { createViewExchange } from "./view-exchange.ts";

const HOUR = "2026-01-01T00";
const START_MS = Date.UTC(2026, 0, 1, 0, 10);
const POLL_MS = 3000;

let ports: MemoryPorts;
let clock: FakeClock;
let pool: ActivePool;
let health: PoolHealth;
let sync: PoolSync;
let log: ReturnType<typeof createMemoryLog>;

function store(index: number, createdAtMs = clock.nowMs()): string {
  const conversation = createConversation(HOUR, index, undefined, { createdAtMs });
  ports.conversations.records.set(conversation.id, conversation);
  return conversation.id;
}

beforeEach(() => {
  ports = createMemoryPorts();
  clock = createFakeClock(START_MS);
  pool = createActivePool();
  const viewing = createViewingHours("a", clock);
  health = createPoolHealth(pool, clock, viewing);
  log = createMemoryLog();
  const { conversations, viewingHours } = ports;
  const exchange = createViewExchange({ conversations, viewingHours, health, viewing, clock });
  sync = createPoolSync({ pool, conversations, exchange, clock, log, pollMs: POLL_MS });
});

describe("following the store", () => {
  test("loads what is active, and nothing whose time is over", async () => {
    for (let i = 0; i < 450; i++) store(i);
    const over = createConversation("2025-12-30T00", 0);
    ports.conversations.records.set(over.id, over);
    await sync.start();
    expect(pool.size).toBe(450);
  });

  test("sees what another process stores at the next poll, also one whose clock is a little behind", async () => {
    await sync.start();
    const ids = [store(0), store(1)];
    await clock.advance(POLL_MS);
    ids.push(store(2, clock.nowMs() - 4000 - POLL_MS));
    await clock.advance(POLL_MS);
    for (const id of ids) expect(pool.get(id)).toBeDefined();
  });

  test("reads large arrivals to the end", async () => {
    await sync.start();
    for (let i = 0; i < 1300; i++) store(i, clock.nowMs() + Math.floor(i / 20));
    await clock.advance(POLL_MS);
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(pool.size).toBe(1300);
  });

  test("stops reading the same ones again once nothing new comes", async () => {
    await sync.start();
    for (let i = 0; i < 100; i++) store(i, clock.nowMs() + i);
    await clock.advance(10 * POLL_MS);
    let read = 0;
    const before = { ...ports.conversations };
    ports.conversations.createdAfter = async (...args) => {
      const created = await before.createdAfter(...args);
      read += created.length;
      return created;
    };
    ports.conversations.getMany = () => Promise.reject(new Error("they are all known"));
    await clock.advance(10 * POLL_MS);
    expect(read).toBeLessThanOrEqual(10);
    expect(read).toBeGreaterThan(0);
  });

  test("drops what an operator removed anywhere, and does not bring it back", async () => {
    const id = store(0);
    await sync.start();
    ports.conversations.remove(id, clock.nowMs());
    await clock.advance(POLL_MS);
    expect(pool.get(id)).toBeUndefined();
    store(0);
    await clock.advance(POLL_MS);
    expect(pool.get(id)).toBeUndefined();
  });

  test("drops at once what this process removed, and has at once what it stored", async () => {
    await sync.start();
    const conversation = createConversation(HOUR, 3);
    sync.notify([toPoolEntry(conversation)]);
    expect(pool.size).toBe(1);
    sync.noteRemoved(conversation.id);
    expect(pool.size).toBe(0);
    sync.notify([toPoolEntry(conversation)]);
    expect(pool.size).toBe(0);
  });

  test("lets go of what expires", async () => {
    store(0);
    store(50);
    await sync.start();
    await clock.advance(24 * 3_600_000 - 600_000 + POLL_MS);
    expect(pool.size).toBe(1);
  });

  test("goes on after the store was away, and says so once each way", async () => {
    await sync.start();
    ports.failWith = new Error("away");
    await clock.advance(5 * POLL_MS);
    ports.failWith = null;
    const id = store(0);
    await clock.advance(2 * POLL_MS);
    expect(pool.get(id)).toBeDefined();
    expect(log.lines.map(({ level }) => level)).toEqual(["warn", "info"]);
  });

  test("after stopping follows no more", async () => {
    await sync.start();
    await sync.stop();
    store(0);
    await clock.advance(5 * POLL_MS);
    expect(pool.size).toBe(0);
  });
});

test("view counts reach the store within a minute, at the end, and after the store was away", async () => {
  const id = store(0);
  await sync.start();
  const view = { userId: "u", conversationId: id, cast: [] };
  const stored = () => ports.conversations.records.get(id)?.viewCount;
  health.observeView(view);
  await clock.advance(60_000 + POLL_MS);
  expect(stored()).toBe(1);
  health.observeView(view);
  ports.failWith = new Error("away");
  await clock.advance(60_000 + POLL_MS);
  ports.failWith = null;
  await clock.advance(60_000 + POLL_MS);
  expect(stored()).toBe(2);
  health.observeView(view);
  await sync.stop();
  expect(stored()).toBe(3);
});
