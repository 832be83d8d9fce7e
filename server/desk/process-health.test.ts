import { describe, expect, it } from "vitest";
import { createFakeClock } from "#ai/fake-clock.ts";
import { createProcessHealth } from "./process-health.ts";

describe("a process's health", () => {
  it("is that of the last whole minute, and of the time until now before there was one", async () => {
    const clock = createFakeClock();
    const health = createProcessHealth(clock);
    health.start();
    const early = health.figures();
    expect(early.memory.rssBytes).toBeGreaterThan(early.memory.heapUsedBytes);
    expect(early.cpuShare).toBeGreaterThanOrEqual(0);
    await clock.advance(60_000);
    const { cpuShare, eventLoopDelay } = health.figures();
    expect(health.figures()).toMatchObject({ cpuShare, eventLoopDelay });
    expect(eventLoopDelay.maxMs).toBeGreaterThanOrEqual(eventLoopDelay.p50Ms);
    health.stop();
  });
});
