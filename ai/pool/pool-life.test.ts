import { describe, expect, test } from "vitest";
import { createFakeClock } from "../fake-clock.ts";
import { toCastChatling } from "./casting.ts";
import { createMemoryPorts, createTopics } from "./memory-ports.ts";
import { createPoolProcess } from "./pool-process.fixture.ts";
import { createStarters } from "./starters.fixture.ts";

const HOUR_MS = 3_600_000;
const STEP_MS = 60_000;
const chatlings = createStarters().map(toCastChatling);

function createWorld() {
  const ports = createMemoryPorts();
  ports.topics.records = createTopics(80);
  const clock = createFakeClock(Date.UTC(2026, 0, 1, 13, 37));
  const sizes: number[] = [];
  const start = async (owner: string) => {
    const process = createPoolProcess(owner, ports, clock);
    await process.sync.start();
    process.job.start();
    await process.job.settled();
    return process;
  };
  const live = async (hours: number, process: Awaited<ReturnType<typeof start>>) => {
    for (let passed = 0; passed < hours * HOUR_MS; passed += STEP_MS) {
      await clock.advance(STEP_MS);
      await process.job.settled();
      sizes.push(process.pool.size);
      if (passed % (10 * STEP_MS) === 0) await process.chooser.take({ userId: `u${passed % 7}`, chatlings });
    }
  };
  const alertsOf = (process: Awaited<ReturnType<typeof start>>) =>
    process.log.lines.filter(({ message }) => message.startsWith("alert")).map(({ message }) => message);
  return { ports, clock, sizes, start, live, alertsOf };
}

describe("the life of a pool", () => {
  test("for two days from an empty store it keeps about 2,400, expires evenly and raises no alert", async () => {
    const { ports, sizes, start, live, alertsOf } = createWorld();
    const process = await start("a");
    expect(process.pool.size).toBe(2400);
    const left: number[] = [];
    process.pool.subscribe((ids) => left.push(ids.length));
    await live(48, process);
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(2399);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(2501);
    // 100 an hour, followed every half minute.
    expect(Math.max(...left)).toBeLessThanOrEqual(2);
    expect(alertsOf(process)).toEqual([]);
    expect(process.log.lines.filter(({ level }) => level !== "info")).toEqual([]);
    const figures = process.health.figures();
    expect(figures.generation_success_rate).toBe(1);
    expect(figures.average_match_score).toBeGreaterThan(7);
    expect(figures.average_age_hours).toBeGreaterThan(10);
    expect(figures.average_age_hours).toBeLessThan(14);
    for (const count of Object.values(figures.coverage_by_difficulty)) expect(count).toBeGreaterThan(700);
    expect(ports.conversations.records.size).toBeLessThan(2520);
  });

  test("after a day switched off it fills anew and raises no alert, not a day later either", async () => {
    const { clock, sizes, start, live, alertsOf } = createWorld();
    const before = await start("a");
    await live(3, before);
    await before.job.stop();
    await before.sync.stop();
    await clock.advance(30 * HOUR_MS);
    const after = await start("a");
    expect(after.pool.size).toBe(2400);
    sizes.length = 0;
    await live(27, after);
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(2399);
    expect(alertsOf(after)).toEqual([]);
  });

  test("after a process slept for most of a day without ending, it fills anew and raises no alert", async () => {
    const { clock, start, live, alertsOf } = createWorld();
    const awake = { ...clock };
    let sleepMs = 0;
    // The machine sleeps: time goes on, no timer fires, and afterwards all fall due at once.
    clock.nowMs = () => awake.nowMs() + sleepMs;
    const process = await start("a");
    await live(2, process);
    sleepMs += 20 * HOUR_MS;
    await live(5, process);
    expect(process.pool.size).toBeGreaterThanOrEqual(2400);
    expect(alertsOf(process)).toEqual([]);
  });
});
