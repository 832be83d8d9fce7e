import { beforeEach, describe, expect, test } from "vitest";
import { createFakeClock, type FakeClock } from "../fake-clock.ts";
import type { Dialogue } from "./dialogue.ts";
import { createMemoryPorts, createTopics, type MemoryPorts } from "./memory-ports.ts";
import { LEASE_MS } from "./pool-job.ts";
import { createPoolProcess } from "./pool-process.fixture.ts";
import { createScriptedDialogue, writeLines } from "./scripted-dialogue.fixture.ts";

type Process = ReturnType<typeof createPoolProcess>;

const MINUTE_MS = 60_000;
let ports: MemoryPorts;
let clock: FakeClock;

/** Moves time on in steps and lets each process finish what fell due. */
async function pass(ms: number, ...processes: Process[]): Promise<void> {
  for (let passed = 0; passed < ms; passed += 10_000) {
    await clock.advance(Math.min(10_000, ms - passed));
    for (const { job } of processes) await job.settled();
  }
}

async function started(owner: string, task = createScriptedDialogue()): Promise<Process> {
  const process = createPoolProcess(owner, ports, clock, task);
  await process.sync.start();
  process.job.start();
  await process.job.settled();
  return process;
}

const size = () => ports.conversations.records.size;
const messages = ({ log }: Process) => log.lines.map(({ message }) => message);

beforeEach(() => {
  ports = createMemoryPorts();
  ports.topics.records = createTopics(60);
  clock = createFakeClock(Date.UTC(2026, 0, 1, 9, 59, 30));
});

describe("the pool's job", () => {
  test("fills the pool at the start, and writes the next batch as soon as the hour begins", async () => {
    const only = await started("a");
    expect(only.pool.size).toBe(2400);
    expect(only.job.isLeader()).toBe(true);
    await clock.advance(30_000);
    await only.job.settled();
    expect(only.pool.get("20260101t10-099")).toBeDefined();
  });

  test("of two processes one works; the other has the same pool and takes over when the first dies", async () => {
    const first = await started("a");
    const second = await started("b");
    expect([first.job.isLeader(), second.job.isLeader()]).toEqual([true, false]);
    expect(second.pool.size).toBe(2400);
    // The first one dies without a word: only the second's time goes on.
    ports.leases.holder = { owner: "a", untilMs: clock.nowMs() + LEASE_MS };
    const dead = first.job.stop();
    await dead;
    ports.leases.holder = { owner: "a", untilMs: clock.nowMs() + LEASE_MS };
    await pass(60_000, second);
    expect(second.job.isLeader()).toBe(false);
    await pass(LEASE_MS, second);
    expect(second.job.isLeader()).toBe(true);
    expect(second.pool.get("20260101t10-099")).toBeDefined();
    expect(new Set([...ports.conversations.records.values()].map(({ batchSlot }) => batchSlot)).size).toBe(
      size(),
    );
  });

  test("a process that stops gives the lease back, so that another goes on with the next tick", async () => {
    const first = await started("a");
    const second = await started("b");
    await first.job.stop();
    await pass(30_000, second);
    expect(second.job.isLeader()).toBe(true);
  });

  test("a crash in the middle of a batch is made good by the next process", async () => {
    let written = 0;
    const reached = Promise.withResolvers<void>();
    const never = Promise.withResolvers<Dialogue>();
    const dying = createScriptedDialogue((input, scope) => {
      if (++written <= 1234) return writeLines(input, scope);
      // From here on the process is as good as gone: its writer does not answer.
      reached.resolve();
      return never.promise;
    });
    const first = createPoolProcess("a", ports, clock, dying);
    first.job.start();
    await reached.promise;
    const before = size();
    expect(before).toBeGreaterThan(1000);
    ports.leases.holder = { owner: "a", untilMs: clock.nowMs() };
    const second = await started("b");
    expect(size()).toBe(2400);
    expect(second.pool.size).toBe(2400);
    never.reject(new Error("gone"));
    await first.job.stop();
    expect(size()).toBe(2400);
  });

  test("keeps the lease through a fill longer than the lease, and stops it when the lease is lost", async () => {
    const reached = Promise.withResolvers<void>();
    const resume = Promise.withResolvers<void>();
    const slow = createScriptedDialogue(async (input, scope) => {
      reached.resolve();
      await resume.promise;
      return writeLines(input, scope);
    });
    const first = createPoolProcess("a", ports, clock, slow);
    first.job.start();
    await reached.promise;
    for (let i = 0; i < 10; i++) await clock.advance(LEASE_MS / 3);
    expect(ports.leases.holder?.untilMs).toBeGreaterThan(clock.nowMs());
    ports.leases.holder = { owner: "b", untilMs: clock.nowMs() + LEASE_MS };
    await clock.advance(LEASE_MS / 3);
    resume.resolve();
    await first.job.settled();
    expect(first.job.isLeader()).toBe(false);
    expect(size()).toBeLessThanOrEqual(1);
    await first.job.stop();
  });

  test("a store that is away at the start or later is waited for; it is logged once each way", async () => {
    ports.failWith = new Error("away");
    const only = createPoolProcess("a", ports, clock);
    only.job.start();
    await pass(5 * MINUTE_MS, only);
    expect(only.job.isLeader()).toBe(false);
    ports.failWith = null;
    await pass(MINUTE_MS, only);
    expect(only.pool.size).toBeGreaterThanOrEqual(2400);
    ports.failWith = new Error("away");
    await pass(3 * MINUTE_MS, only);
    ports.failWith = null;
    await pass(MINUTE_MS, only);
    expect(only.job.isLeader()).toBe(true);
    const told = messages(only).filter((message) => /pool's work/.test(message));
    expect(told).toEqual([
      "the pool's work failed; it will be tried again",
      "the pool's work goes on",
      "the pool's work failed; it will be tried again",
      "the pool's work goes on",
    ]);
  });

  test("writes extra conversations on request, without the lease too", async () => {
    await started("a");
    const second = await started("b");
    expect((await second.job.generateExtra(10)).written).toBe(10);
    expect(size()).toBe(2410);
  });

  test("has the holder of the lease hand in batches that models write before they are due, and nobody else", async () => {
    const calls: string[] = [];
    const aheadOf = (owner: string) => ({
      submitDue: async () => {
        await Promise.resolve(calls.push(owner));
      },
    });
    const first = createPoolProcess("a", ports, clock, createScriptedDialogue(), aheadOf("a"));
    const second = createPoolProcess("b", ports, clock, createScriptedDialogue(), aheadOf("b"));
    for (const { job } of [first, second]) {
      job.start();
      await job.settled();
    }
    await pass(MINUTE_MS, first, second);
    expect(calls.length).toBeGreaterThan(1);
    expect(new Set(calls)).toEqual(new Set(["a"]));
  });

  test("cleans up what is outdated", async () => {
    const only = await started("a");
    await pass(2 * 3_600_000, only);
    for (const { expiresAtMs } of ports.conversations.records.values()) {
      expect(expiresAtMs).toBeGreaterThan(clock.nowMs() - 6 * MINUTE_MS);
    }
  });
});

describe("alerts while the job runs", () => {
  test("a pool that cannot be filled is told of, though not while the first fill may still come", async () => {
    const mute = createScriptedDialogue(() => new Promise<Dialogue>(() => {}));
    const only = createPoolProcess("a", ports, clock, mute);
    only.job.start();
    for (let i = 0; i < 18; i++) await clock.advance(30_000);
    expect(only.alerts.raised()).toEqual([]);
    for (let i = 0; i < 6; i++) await clock.advance(30_000);
    expect(only.alerts.raised().map(({ name }) => name)).toEqual(["pool-size-low"]);
  });

  test("a writer that fails is told of soon, and the alert clears on the same day when it is mended", async () => {
    let broken = true;
    const task = createScriptedDialogue((input, scope) => {
      if (broken) throw new Error("no words");
      return writeLines(input, scope);
    });
    const only = await started("a", task);
    await pass(MINUTE_MS, only);
    expect(only.alerts.raised().map(({ name }) => name)).toEqual(["pool-size-low", "generation-failing"]);
    broken = false;
    await pass(4 * 3_600_000, only);
    expect(only.alerts.raised()).toEqual([]);
    await only.job.stop();
  });

  test("a generation that stands still is told of within two hours", async () => {
    const only = await started("a");
    await pass(4 * 3_600_000, only);
    expect(only.alerts.raised()).toEqual([]);
    ports.topics.records = [];
    await pass(2 * 3_600_000, only);
    expect(only.alerts.raised().map(({ name }) => name)).toContain("expiry-outpaces-generation");
  });
});
