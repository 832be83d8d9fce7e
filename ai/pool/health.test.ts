import { beforeEach, describe, expect, test } from "vitest";
import { createFakeClock, type FakeClock } from "../fake-clock.ts";
import { createActivePool, toPoolEntry, type ActivePool } from "./active-pool.ts";
import { createPoolHealth, type PoolHealth } from "./health.ts";
import { createViewingHours } from "./viewing-hours.ts";
import { createConversation } from "./pool-entry.fixture.ts";

const HOUR = "2026-01-01T00";
const HOUR_MS = 3_600_000;
const START_MS = Date.UTC(2026, 0, 1);

let clock: FakeClock;
let pool: ActivePool;
let health: PoolHealth;

const entry = (index: number) => toPoolEntry(createConversation(HOUR, index));
const view = (userId: string, index: number, scores: readonly number[]) => ({
  userId,
  conversationId: entry(index).id,
  cast: scores.map((score) => ({ score })),
});

beforeEach(() => {
  clock = createFakeClock(START_MS);
  pool = createActivePool();
  health = createPoolHealth(pool, clock, createViewingHours("a", clock));
});

describe("the figures", () => {
  test("of an empty pool without history are zero, and null where there is nothing to average", () => {
    expect(health.figures()).toEqual({
      active_conversations: 0,
      fill_share: 0,
      average_age_hours: null,
      view_count_per_conversation: 0,
      unique_users_24h: 0,
      generation_success_rate: null,
      average_match_score: null,
      coverage_by_difficulty: { simple: 0, medium: 0, complex: 0 },
    });
  });

  test("tell size, age, views, users, success and score", async () => {
    for (let i = 0; i < 25; i++) pool.add(entry(i));
    await clock.advance(6 * HOUR_MS);
    health.observeView(view("anna", 0, [8, 6]));
    health.observeView(view("anna", 1, [10]));
    health.observeView(view("ben", 0, [4]));
    health.observeGeneration({ written: 49, failed: 1 });
    expect(health.figures()).toEqual({
      active_conversations: 25,
      fill_share: 25 / 2400,
      average_age_hours: 6,
      view_count_per_conversation: 3 / 25,
      unique_users_24h: 2,
      generation_success_rate: 0.98,
      average_match_score: 7,
      coverage_by_difficulty: { simple: 9, medium: 8, complex: 8 },
    });
  });

  test("forget after a day what is no more of the day, and the views of conversations that left", async () => {
    pool.add(entry(0));
    pool.add(entry(1));
    health.observeView(view("anna", 0, [2]));
    health.observeView(view("anna", 1, [2]));
    health.observeGeneration({ written: 1, failed: 9 });
    pool.remove(entry(0).id);
    expect(health.figures().view_count_per_conversation).toBe(1);
    await clock.advance(25 * HOUR_MS);
    expect(health.figures()).toMatchObject({
      unique_users_24h: 0,
      generation_success_rate: null,
      average_match_score: null,
    });
  });

  test("take up what was generated before this process began", () => {
    const batch = (hoursAgo: number, written: number, failed: number) => ({
      id: `h${hoursAgo}`,
      hourStartMs: START_MS - hoursAgo * HOUR_MS,
      wanted: 100,
      written,
      failed,
      updatedAtMs: START_MS - hoursAgo * HOUR_MS,
    });
    health.observeGeneration({ written: 5, failed: 0 });
    health.seedGeneration([batch(1, 90, 10), batch(5, 100, 0), batch(40, 0, 100)]);
    expect(health.figures().generation_success_rate).toBe(0.95);
    expect(health.alertFigures()).toMatchObject({ written: 90, failed: 10 });
  });

  test("tell how each way of writing fares", () => {
    health.observeEvent({ type: "fell-back", method: "hybrid", reason: "refused" });
    expect(health.generationByMethod().hybrid).toMatchObject({
      written: 0,
      fell_back_by_reason: { refused: 1 },
    });
  });

  test("of expiry count what ran out, not what was removed", () => {
    for (let i = 0; i < 10; i++) pool.add(entry(i));
    pool.remove(entry(9).id);
    pool.expire(entry(4).expiresAtMs);
    expect(health.alertFigures().expired).toBe(5);
  });
});

test("view counts are handed out once, and again when they could not be written", () => {
  health.observeView(view("anna", 0, [5]));
  health.observeView(view("ben", 0, [5]));
  const counts = health.takeViewCounts();
  expect([...counts]).toEqual([[entry(0).id, 2]]);
  expect(health.takeViewCounts().size).toBe(0);
  health.observeView(view("cleo", 0, [5]));
  health.returnViewCounts(counts);
  expect([...health.takeViewCounts()]).toEqual([[entry(0).id, 3]]);
});
