import { beforeEach, describe, expect, it } from "vitest";
import { createFakeClock, type FakeClock } from "#ai/fake-clock.ts";
import { toConversationId } from "#ai/pool/batch-hours.ts";
import type { BatchOutcome } from "#ai/pool/generator.ts";
import { createGenerationJobs, type GenerationJobs } from "./generation-jobs.ts";
import { createLog } from "./log.ts";

let clock: FakeClock;
let jobs: GenerationJobs;
/** What is being generated, to be ended by the test. */
let underWay: { count: number; end(outcome: BatchOutcome): void; fail(): void }[];

beforeEach(() => {
  clock = createFakeClock(1000);
  underWay = [];
  let made = 0;
  jobs = createGenerationJobs({
    generate: (count) =>
      new Promise((end, fail) => {
        underWay.push({ count, end, fail: () => fail(new Error("the store is away")) });
      }),
    newId: () => `job-${++made}`,
    clock,
    log: createLog("silent"),
  });
});

const turn = (): Promise<void> => clock.advance(0);

const stored = (...indexes: number[]) =>
  indexes.map((index) => ({ id: toConversationId("2026-01-01T00", index) }));

describe("writing that an operator asked for", () => {
  it("is told of while it goes on, and when it has ended", async () => {
    expect(jobs.start(40)).toEqual({
      jobId: "job-1",
      status: "running",
      wanted: 40,
      written: 0,
      failed: 0,
      askedAtMs: 1000,
      endedAtMs: null,
    });
    await turn();
    jobs.noteStored(stored(100, 101, 102));
    expect(jobs.get("job-1")?.written).toBe(3);
    await clock.advance(500);
    underWay[0]?.end({ written: 38, failed: 2, duplicates: 0 });
    await jobs.settled();
    expect(jobs.get("job-1")).toMatchObject({ status: "done", written: 38, failed: 2, endedAtMs: 1500 });
  });

  it("does not count what the hourly batch stores meanwhile", async () => {
    jobs.start(5);
    await turn();
    jobs.noteStored(stored(0, 99, 100));
    expect(jobs.get("job-1")?.written).toBe(1);
  });

  it("waits for what was asked before, also when that fails", async () => {
    expect([jobs.start(1), jobs.start(2)].map(({ status }) => status)).toEqual(["running", "waiting"]);
    await turn();
    expect(underWay.map(({ count }) => count)).toEqual([1]);
    underWay[0]?.fail();
    await turn();
    expect(underWay.map(({ count }) => count)).toEqual([1, 2]);
    expect(jobs.list().map(({ jobId, status }) => [jobId, status])).toEqual([
      ["job-2", "running"],
      ["job-1", "failed"],
    ]);
  });

  it("has failed when it ended before all was tried", async () => {
    jobs.start(40);
    await turn();
    underWay[0]?.end({ written: 20, failed: 0, duplicates: 0 });
    await jobs.settled();
    expect(jobs.get("job-1")).toMatchObject({ status: "failed", written: 20 });
  });

  it("is forgotten when twenty others came after it, and never before it has ended", async () => {
    for (let count = 1; count <= 25; count++) jobs.start(count);
    await turn();
    expect(jobs.list()).toHaveLength(25);
    for (let index = 0; index < 25; index++) {
      underWay[index]?.end({ written: index + 1, failed: 0, duplicates: 0 });
      await turn();
    }
    expect(jobs.list()).toHaveLength(20);
    expect(jobs.get("job-5")).toBeNull();
    expect(jobs.get("job-6")?.status).toBe("done");
  });
});
