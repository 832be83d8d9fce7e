import { beforeEach, describe, expect, test } from "vitest";
import { createFakeClock, type FakeClock } from "../fake-clock.ts";
import { runOffline } from "../run-task.ts";
import { hourStartMs } from "./batch-hours.ts";
import { createFiller, type FillProgress } from "./filler.ts";
import { createGenerator, type BatchOutcome } from "./generator.ts";
import { createMemoryLog, createMemoryPorts, createTopics, type MemoryPorts } from "./memory-ports.ts";
import { createTestPoolLedger } from "./pool-ledger.fixture.ts";
import { createScriptedDialogue, writeLines } from "./scripted-dialogue.fixture.ts";

let ports: MemoryPorts;
let clock: FakeClock;
let failing: (hour: string) => boolean;
let progress: FillProgress[];
let outcomes: BatchOutcome[];
const signal = new AbortController().signal;

function createTestFiller() {
  const task = createScriptedDialogue((input, scope) => {
    if (failing(scope.conversationId ?? "")) throw new Error("no words");
    return writeLines(input, scope);
  });
  const generator = createGenerator({
    runTask: runOffline,
    task,
    conversations: ports.conversations,
    clock,
    log: createMemoryLog(),
    novelty: createTestPoolLedger(ports.conversations),
    contentVersion: "1",
    approach: () => ({ method: "template" }),
    onEvent: () => {},
    onInserted: () => {},
  });
  return createFiller({
    generator,
    conversations: ports.conversations,
    topics: ports.topics,
    batches: ports.batches,
    clock,
    onProgress: (step) => progress.push(step),
    byModels: false,
    onOutcome: (outcome) => outcomes.push(outcome),
  });
}

const records = () => [...ports.conversations.records.values()];

beforeEach(() => {
  ports = createMemoryPorts();
  ports.topics.records = createTopics(30);
  clock = createFakeClock(Date.UTC(2026, 0, 2, 7, 20));
  failing = () => false;
  progress = [];
  outcomes = [];
});

describe("filling the pool", () => {
  test("completes the last 24 hours' batches, the newest first, and reports how far it is", async () => {
    expect(await createTestFiller().fill(signal)).toEqual({ written: 2400, failed: 0, duplicates: 0 });
    expect(
      records()
        .slice(0, 100)
        .every(({ batchSlot }) => batchSlot.startsWith("2026-01-02T07#")),
    ).toBe(true);
    expect(records().at(-1)?.batchSlot).toBe("2026-01-01T08#099");
    expect(records().every(({ expiresAtMs }) => expiresAtMs > clock.nowMs())).toBe(true);
    expect(progress[0]).toEqual({ hour: "2026-01-02T07", done: 100, total: 2400 });
    expect(progress.at(-1)).toEqual({ hour: "2026-01-01T08", done: 2400, total: 2400 });
    expect([...ports.batches.records.values()].reduce((sum, { written }) => sum + written, 0)).toBe(2400);
  });

  test("spreads the expiries of a pool filled at once evenly over the coming day", async () => {
    await createTestFiller().fill(signal);
    const perHour = Map.groupBy(records(), ({ expiresAtMs }) => Math.floor(expiresAtMs / 3_600_000));
    expect([...perHour.values()].map((list) => list.length)).toEqual(Array.from({ length: 24 }, () => 100));
  });

  test("completes a batch that a crash cut short, and doubles nothing", async () => {
    await createTestFiller().fill(signal);
    const kept = records().filter((_, i) => i % 7 !== 3);
    for (const { id } of records())
      if (!kept.some((one) => one.id === id)) ports.conversations.records.delete(id);
    const outcome = await createTestFiller().fill(signal);
    expect(outcome.written).toBe(2400 - kept.length);
    expect(new Set(records().map(({ batchSlot }) => batchSlot)).size).toBe(2400);
  });

  test("does not look again at batches it knows to be complete, until told that others were at work", async () => {
    const filler = createTestFiller();
    await filler.fill(signal);
    ports.conversations.records.clear();
    expect((await filler.fill(signal)).written).toBe(0);
    filler.forget();
    expect((await filler.fill(signal)).written).toBe(2400);
  });

  test("makes only the new batch when an hour has passed", async () => {
    const filler = createTestFiller();
    await filler.fill(signal);
    await clock.advance(3_600_000);
    expect((await filler.fill(signal)).written).toBe(100);
    expect(records().at(-1)?.batchSlot).toBe("2026-01-02T08#099");
  });

  test("does not bring back what an operator removed", async () => {
    await createTestFiller().fill(signal);
    ports.conversations.remove("20260102t07-005", clock.nowMs());
    expect((await createTestFiller().fill(signal)).written).toBe(0);
  });

  test("tries failed slots again after a growing pause, and only these", async () => {
    const filler = createTestFiller();
    failing = (id) => id.endsWith("t07-013");
    expect(await filler.fill(signal)).toMatchObject({ written: 2399, failed: 1 });
    expect(await filler.fill(signal)).toMatchObject({ written: 0, failed: 0 });
    await clock.advance(60_000);
    expect(await filler.fill(signal)).toMatchObject({ written: 0, failed: 1 });
    await clock.advance(60_000);
    expect(await filler.fill(signal)).toMatchObject({ written: 0, failed: 0 });
    failing = () => false;
    await clock.advance(60_000);
    expect(await filler.fill(signal)).toMatchObject({ written: 1, failed: 0 });
    expect(records()).toHaveLength(2400);
  });

  test("throws what the store threw, after the failure was counted, and can be called again", async () => {
    const filler = createTestFiller();
    ports.batches.report = async () => {
      ports.failWith = new Error("disk full");
    };
    await expect(filler.fill(signal)).rejects.toThrow("disk full");
    expect(outcomes.at(-1)?.failed).toBe(20);
    ports.failWith = null;
    await expect(filler.fill(signal)).rejects.toThrow("disk full");
    ports.failWith = null;
    ports.batches.report = async () => {};
    await filler.fill(signal);
    expect(records()).toHaveLength(2400);
  });

  test("stops between conversations when aborted, and goes on later", async () => {
    const abort = new AbortController();
    const filler = createTestFiller();
    failing = (id) => {
      if (id.endsWith("t05-050")) abort.abort();
      return false;
    };
    await filler.fill(abort.signal);
    expect(records()).toHaveLength(250);
    expect(progress.at(-1)).toEqual({ hour: "2026-01-02T05", done: 250, total: 2400 });
    await filler.fill(signal);
    expect(records()).toHaveLength(2400);
  });
});

describe("the topics of a batch", () => {
  const sources = () => new Set(records().map(({ topicId }) => topicId.split("-")[0]));

  test("are the 50 newest alone when there are so many", async () => {
    ports.topics.records = [...createTopics(30), ...createTopics(80, "feed")];
    await createTestFiller().fill(signal);
    expect(sources()).toEqual(new Set(["feed"]));
    const used = new Set(records().map(({ topicId }) => Number(topicId.split("-")[1])));
    expect(Math.min(...used)).toBe(30);
    expect(used.size).toBe(50);
  });

  test("are filled up from the starters when there are fewer", async () => {
    ports.topics.records = [...createTopics(30), ...createTopics(10, "import")];
    await createTestFiller().fill(signal);
    expect(sources()).toEqual(new Set(["import", "starter"]));
  });
});

test("extra conversations come on top of the hour's batch, again and again", async () => {
  const filler = createTestFiller();
  await filler.fill(signal);
  expect((await filler.addExtra(30, signal)).written).toBe(30);
  expect((await filler.addExtra(5, signal)).written).toBe(5);
  const extra = records().slice(2400);
  expect(extra.map(({ batchSlot }) => batchSlot).at(-1)).toBe("2026-01-02T07#134");
  expect(extra.every(({ expiresAtMs }) => expiresAtMs >= hourStartMs("2026-01-03T07"))).toBe(true);
});
