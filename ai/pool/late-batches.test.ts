import { beforeEach, expect, test } from "vitest";
import { createFakeClock, type FakeClock } from "../fake-clock.ts";
import { createPoolDialogue } from "../tasks/pool-dialogue.ts";
import { createNoveltyLedger } from "../writer/novelty/ledger.ts";
import { createBatchWriter, type ModelBatches } from "./batch-writer.ts";
import { hourStartMs } from "./batch-hours.ts";
import { createMemoryLog, createMemoryPorts, createTopics } from "./memory-ports.ts";

const MINUTE_MS = 60_000;
const { signal } = new AbortController();

let clock: FakeClock;
let log: ReturnType<typeof createMemoryLog>;
let calls: string[];
/** Resolved at the first call that hangs. */
let hanging: PromiseWithResolvers<void>;

const hang = async (): Promise<never> => {
  hanging.resolve();
  return await new Promise(() => {});
};

function writer(change: Partial<ModelBatches>) {
  const ports = createMemoryPorts();
  ports.topics.records = createTopics(3);
  return createBatchWriter({
    batches: {
      submit: async () => await Promise.resolve("submitted"),
      collect: async () => await Promise.resolve([]),
      open: async () => await Promise.resolve([]),
      drop: async (id) => await Promise.resolve(void calls.push(id)),
      ...change,
    },
    task: createPoolDialogue(createNoveltyLedger()),
    topics: { ...ports.topics, get: async () => await Promise.resolve(null) },
    approach: () => ({ method: "llm" }),
    contentVersion: "1",
    clock,
    log,
  });
}

const levels = () => log.lines.map(({ level }) => level);

beforeEach(() => {
  clock = createFakeClock(hourStartMs("2026-01-01T10") + 5_000);
  log = createMemoryLog();
  calls = [];
  hanging = Promise.withResolvers();
});

test("handing in ends within a minute though nobody answers, and is tried again", async () => {
  const only = writer({
    async submit(id) {
      calls.push(id);
      return await hang();
    },
  });
  for (let round = 0; round < 2; round++) {
    hanging = Promise.withResolvers();
    const ending = only.submitDue(signal);
    await hanging.promise;
    await clock.advance(MINUTE_MS);
    await ending;
    await clock.advance(MINUTE_MS);
  }
  expect(calls).toHaveLength(2);
  expect(levels()).toEqual(["warn"]);
});

test("collecting gives nothing after a minute in which nobody answered", async () => {
  const collecting = writer({ collect: hang }).collect("2026-01-01T10", signal);
  await clock.advance(MINUTE_MS);
  expect((await collecting).size).toBe(0);
  expect(levels()).toEqual(["warn"]);
});

test("a vendor that answers in time leaves no limit behind", async () => {
  const given: AbortSignal[] = [];
  const only = writer({
    async collect(_id, inTime) {
      given.push(inTime);
      return await Promise.resolve([]);
    },
  });
  await only.collect("2026-01-01T10", signal);
  await clock.advance(2 * MINUTE_MS);
  expect(given.map(({ aborted }) => aborted)).toEqual([false]);
});

test("batches are settled that were called off, or whose hour is over, and no others", async () => {
  const open = [
    { id: "pool-2026-01-01T09-v0", isCalledOff: false },
    { id: "pool-2026-01-01T10-v1", isCalledOff: false },
    { id: "pool-2026-01-01T11-v1", isCalledOff: true },
    { id: "pool-2026-01-01T12-v1", isCalledOff: false },
    { id: "tale-1", isCalledOff: true },
  ];
  await writer({ open: async () => await Promise.resolve(open) }).submitDue(signal);
  expect(calls).toEqual(["pool-2026-01-01T09-v0", "pool-2026-01-01T11-v1"]);
});

test("a batch that cannot be settled holds up no other, nor the pool for more than a minute", async () => {
  const open = ["pool-2026-01-01T00-v1", "pool-2026-01-01T01-v1"];
  const only = writer({
    open: async () => await Promise.resolve(open.map((id) => ({ id, isCalledOff: false }))),
    async drop(id) {
      calls.push(id);
      if (id === open[0]) await hang();
    },
  });
  for (let tick = 0; tick < 2; tick++) {
    hanging = Promise.withResolvers();
    const ending = only.submitDue(signal);
    await hanging.promise;
    await clock.advance(MINUTE_MS);
    await ending;
    await only.submitDue(signal);
    await clock.advance(4 * MINUTE_MS);
  }
  // Not at every tick.
  expect(calls).toEqual([...open, ...open]);
  expect(levels()).toEqual(["info", "warn"]);
});
