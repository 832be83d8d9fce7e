import { beforeEach, describe, expect, it } from "vitest";
import type { StoredCoverageHour } from "#schema/stored/coverage-hour.ts";
import { createFakeClock, type FakeClock } from "#ai/fake-clock.ts";
import { createActivePool, type ActivePool } from "#ai/pool/active-pool.ts";
import { sampleConversation } from "#rooms/chatroom/testing/sample-conversation.ts";
import { createCoverageHistory, type CoverageHistory } from "./coverage-history.ts";

const HOUR_MS = 3_600_000;
const startMs = Date.UTC(2026, 0, 1);

let clock: FakeClock;
let active: ActivePool;
let kept: Map<string, StoredCoverageHour>;
let warnings: string[];
let isLeader: boolean;
let history: CoverageHistory;

beforeEach(() => {
  clock = createFakeClock(startMs);
  active = createActivePool();
  kept = new Map();
  warnings = [];
  isLeader = true;
  history = createCoverageHistory({
    pool: { active, job: { isLeader: () => isLeader } as never },
    coverageHours: {
      keep: async (hour) => void kept.set(hour.id, hour),
      since: async (sinceMs) => [...kept.values()].filter(({ hourStartMs }) => hourStartMs >= sinceMs),
    },
    getTopic: async (id) => (id === "gone" ? null : { text: `About ${id}` }),
    clock,
    log: { warn: (_fields, text) => void warnings.push(text) },
  });
  history.start();
});

describe("the coverage of topics", () => {
  it("is told by topic, difficulty and hour, most covered first", async () => {
    active.add(sampleConversation("a", { topicId: "gone" }));
    await clock.advance(HOUR_MS - 1);
    active.add(sampleConversation("b", { topicId: "t1", difficulty: "complex" }));
    active.add(sampleConversation("c", { topicId: "t1" }));
    active.add(sampleConversation("d", { topicId: "t1" }));
    active.remove("a");
    await clock.advance(HOUR_MS);
    expect(await history.read(168, 168)).toEqual({
      hours: [startMs, startMs + HOUR_MS],
      topics: [
        { topicId: "t1", topic: "About t1", simple: [0, 2], medium: [0, 0], complex: [0, 1] },
        { topicId: "gone", topic: null, simple: [1, 0], medium: [0, 0], complex: [0, 0] },
      ],
    });
  });

  it("of an hour is what it was when it was looked at last", async () => {
    await clock.advance(20 * 60_000);
    active.add(sampleConversation("late", { topicId: "t1" }));
    await clock.advance(35 * 60_000);
    expect((await history.read(168, 168)).topics).toMatchObject([{ topicId: "t1", simple: [1] }]);
  });

  it("is thinned out evenly, and always holds the latest hour", async () => {
    await clock.advance(10 * HOUR_MS - 1);
    const { hours } = await history.read(168, 4);
    expect(hours.map((atMs) => (atMs - startMs) / HOUR_MS)).toEqual([0, 3, 6, 9]);
    expect((await history.read(2, 4)).hours).toHaveLength(2);
  });

  it("is kept by the process that looks after the pool alone, and until it stops", async () => {
    isLeader = false;
    await clock.advance(HOUR_MS);
    expect(kept.size).toBe(0);
    isLeader = true;
    history.stop();
    await clock.advance(HOUR_MS);
    expect(kept.size).toBe(0);
    expect(await history.read(168, 10)).toEqual({ hours: [], topics: [] });
  });

  it("goes on when the store was away", async () => {
    const set = kept.set.bind(kept);
    kept.set = () => {
      throw new Error("away");
    };
    await clock.advance(5 * 60_000);
    expect(warnings).toEqual(["the coverage of topics could not be kept; trying on"]);
    kept.set = set;
    await clock.advance(10 * 60_000);
    expect(kept.size).toBe(1);
  });
});
