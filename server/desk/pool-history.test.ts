import { describe, expect, it } from "vitest";
import { createFakeClock } from "#ai/fake-clock.ts";
import { createActivePool } from "#ai/pool/active-pool.ts";
import { createPoolHealth } from "#ai/pool/health.ts";
import { createViewingHours } from "#ai/pool/viewing-hours.ts";
import { sampleConversation } from "#rooms/chatroom/testing/sample-conversation.ts";
import { createPoolHistory } from "./pool-history.ts";

const MINUTE_MS = 60_000;
const startMs = Date.UTC(2026, 0, 1);

function openHistory() {
  const clock = createFakeClock(startMs);
  const active = createActivePool();
  const health = createPoolHealth(active, clock, createViewingHours("here", clock));
  let raised: { name: "pool-size-low"; sinceMs: number }[] = [];
  const history = createPoolHistory(
    {
      active,
      health,
      alerts: { raised: () => raised, update: () => {}, reset: () => {} },
      job: { isLeader: () => true } as never,
    },
    clock,
  );
  return { clock, active, history, raise: () => void (raised = [{ name: "pool-size-low", sinceMs: 0 }]) };
}

describe("the pool's history", () => {
  it("is a sample a minute with what was generated in between", async () => {
    const { clock, active, history, raise } = openHistory();
    history.start();
    active.add(sampleConversation("a", { topicId: "t1" }));
    active.add(sampleConversation("b", { topicId: "t1", difficulty: "complex" }));
    active.add(sampleConversation("c", { topicId: "t2" }));
    history.noteGenerated(3, 1);
    raise();
    await clock.advance(2 * MINUTE_MS);
    const [before, after, later] = history.samples(24, 1440);
    expect(before).toMatchObject({ atMs: startMs, active_conversations: 0, written: 0, alerts: [] });
    expect(after).toMatchObject({
      atMs: startMs + MINUTE_MS,
      active_conversations: 3,
      coverage_by_difficulty: { simple: 2, medium: 0, complex: 1 },
      coverage_by_topic: { topics: 2, fewest: 1, most: 2 },
      fill_share: 3 / 2400,
      written: 3,
      failed: 1,
      isLeader: true,
      alerts: ["pool-size-low"],
    });
    expect(later).toMatchObject({ written: 0, failed: 0 });
  });

  it("keeps one day, thins it out on request and stops when told", async () => {
    const { clock, history } = openHistory();
    history.start();
    await clock.advance(1500 * MINUTE_MS);
    const day = history.samples(24, 10_000);
    expect(day.length).toBe(1440);
    expect(history.samples(1, 10_000).length).toBe(61);
    const thin = history.samples(24, 100);
    expect(thin.length).toBeLessThanOrEqual(100);
    expect(thin.at(-1)).toEqual(day.at(-1));
    history.stop();
    await clock.advance(10 * MINUTE_MS);
    expect(history.samples(24, 10_000).at(-1)?.atMs).toBe(startMs + 1500 * MINUTE_MS);
  });
});
