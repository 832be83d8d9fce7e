import { beforeEach, describe, expect, test } from "vitest";
import { BATCH_ITEM_ID } from "../batch-model.ts";
import { createFakeClock, type FakeClock } from "../fake-clock.ts";
import type { ModelReply } from "../model.ts";
import { createPoolDialogue } from "../tasks/pool-dialogue.ts";
import { createNoveltyLedger } from "../writer/novelty/ledger.ts";
import {
  createBatchWriter,
  type BatchReply,
  type BatchWork,
  type BatchWriterDeps,
  type ModelBatches,
} from "./batch-writer.ts";
import { hourStartMs } from "./batch-hours.ts";
import { createFitDialogue } from "./fit-dialogue.fixture.ts";
import { createMemoryLog, createMemoryPorts, createTopics, type MemoryPorts } from "./memory-ports.ts";
import { planConversation } from "./plan.ts";

const HOUR = "2026-01-01T10";
const DUE = "2026-01-01T12";
const DUE_ID = `pool-${DUE}-v1`;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const { signal } = new AbortController();

let ports: MemoryPorts;
let clock: FakeClock;
let log: ReturnType<typeof createMemoryLog>;
let submitted: Map<string, BatchWork>;
let replies: BatchReply[] | "not-yet";
let failure: Error | null;
let told: "submitted" | "over-budget" | "no-model";
let tries: number;
let dropped: string[];

const batches: ModelBatches = {
  async submit(id, work) {
    tries++;
    if (failure) throw failure;
    if (told === "submitted" && !submitted.has(id)) submitted.set(id, work);
    return await Promise.resolve(told);
  },
  async collect(id) {
    if (failure) throw failure;
    return await Promise.resolve(submitted.has(id) ? replies : []);
  },
  open: async () => await Promise.resolve([]),
  async drop(id) {
    dropped.push(id);
    if (failure) throw failure;
    return await Promise.resolve();
  },
};

/** As after a start: it remembers nothing. */
function writer(change: Partial<BatchWriterDeps> = {}) {
  return createBatchWriter({
    batches,
    task: createPoolDialogue(createNoveltyLedger()),
    topics: {
      ...ports.topics,
      get: async (id) => await Promise.resolve(ports.topics.records.find((topic) => topic.id === id) ?? null),
    },
    approach: () => ({ method: "llm" }),
    contentVersion: "1",
    clock,
    log,
    ...change,
  });
}

const rolesOf = (index: number) => planConversation(DUE, index, ports.topics.records, "1").roles;
const itemsOf = (id: string) => submitted.get(id)?.items ?? [];

/** A fit answer to an item, or the text given. */
function replyTo(item: { readonly id: string }, change: Partial<ModelReply> = {}): BatchReply {
  const index = Number(item.id.slice(0, 3));
  const dialogue = createFitDialogue({ roles: rolesOf(index) }, item.id);
  const text = JSON.stringify(dialogue);
  const reply: ModelReply = { text, stop: "complete", usage: undefined, servedBy: "m", ...change };
  return { id: item.id, reply, provider: "anthropic", model: "haiku" };
}

beforeEach(() => {
  ports = createMemoryPorts();
  ports.topics.records = createTopics(30);
  clock = createFakeClock(hourStartMs(HOUR) + 5_000);
  log = createMemoryLog();
  submitted = new Map();
  replies = "not-yet";
  failure = null;
  told = "submitted";
  tries = 0;
  dropped = [];
});

describe("handing in", () => {
  test("is done for the batch that is due in two hours, once, with an order for every slot", async () => {
    const only = writer();
    await only.submitDue(signal);
    await only.submitDue(signal);
    expect([...submitted.keys()]).toEqual([DUE_ID]);
    const { task, items, output } = submitted.get(DUE_ID)!;
    expect([task, output.name]).toEqual(["pool-dialogue", "pool-dialogue"]);
    expect(items.map(({ id }) => Number(id.slice(0, 3)))).toEqual(Array.from({ length: 100 }, (_, at) => at));
    expect(items.every(({ id }) => BATCH_ITEM_ID.test(id))).toBe(true);
    expect(items[7]?.prompt.messages[0]?.text).toContain(`slot 1 is the ${rolesOf(7)[1]?.archetype}`);
    await clock.advance(HOUR_MS);
    await only.submitDue(signal);
    expect([...submitted.keys()]).toEqual([DUE_ID, "pool-2026-01-01T13-v1"]);
  });

  test("leaves out what is not wholly a model's, belongs to an experiment, or has a topic whose id no vendor takes", async () => {
    const arm = { name: "x/y" };
    await writer({
      approach: (id) => {
        if (id.endsWith("0")) return { method: "hybrid" };
        return id.endsWith("1") ? { method: "llm", arm } : { method: "llm" };
      },
    }).submitDue(signal);
    expect(itemsOf(DUE_ID)).toHaveLength(80);
    submitted.clear();
    ports.topics.records = createTopics(2).map((topic, at) => ({ ...topic, id: at === 0 ? "a b" : "ab" }));
    await writer().submitDue(signal);
    expect(itemsOf(DUE_ID)).toHaveLength(50);
  });

  test("hands in nothing where there is nothing to write", async () => {
    await writer({ approach: () => ({ method: "hybrid" }) }).submitDue(signal);
    ports.topics.records = [];
    await writer().submitDue(signal);
    expect(submitted.size).toBe(0);
  });

  test("is tried again after a failure, which is logged once each way", async () => {
    failure = new Error("away");
    const only = writer();
    for (let tick = 0; tick < 3; tick++) {
      await only.submitDue(signal);
      await clock.advance(4 * MINUTE_MS);
    }
    failure = null;
    await only.submitDue(signal);
    expect(submitted.size).toBe(1);
    expect(log.lines.map(({ level }) => level)).toEqual(["warn", "info", "info"]);
  });

  test("waits longer after every failure, and begins anew with the next hour", async () => {
    failure = new Error("refused");
    const only = writer();
    const triedAt: number[] = [];
    for (let minute = 0; minute < 65; minute++) {
      const before = tries;
      await only.submitDue(signal);
      if (tries > before) triedAt.push(minute);
      await clock.advance(MINUTE_MS);
    }
    expect(triedAt).toEqual([0, 1, 3, 7, 15, 31, 60, 61, 63]);
  });

  test.each([
    ["over-budget", "budget"],
    ["no-model", "provider"],
  ] as const)("that comes to nothing (%s) is told as that, once an hour", async (outcome, why) => {
    told = outcome;
    const only = writer();
    for (let tick = 0; tick < 10; tick++) await only.submitDue(signal);
    expect([tries, log.lines.length]).toEqual([1, 1]);
    expect(log.lines[0]?.message).toContain("no batch was handed in");
    expect(log.lines[0]?.message).toContain(why);
  });
});

test("whoever is stopped in the middle hands the signal on and logs nothing", async () => {
  const given: AbortSignal[] = [];
  const fail = async (stop: AbortSignal): Promise<never> => {
    given.push(stop);
    return await Promise.reject(new Error("aborted"));
  };
  const only = writer({
    batches: {
      submit: (_id, _work, stop) => fail(stop),
      collect: (_id, stop) => fail(stop),
      drop: (_id, stop) => fail(stop),
      open: async () => await Promise.resolve([{ id: DUE_ID, isCalledOff: true }]),
    },
  });
  const stopped = AbortSignal.abort();
  await only.submitDue(stopped);
  expect((await only.collect(DUE, stopped)).size).toBe(0);
  expect(given.map(({ aborted }) => aborted)).toEqual([true, true, true]);
  expect(log.lines).toEqual([]);
});

describe("collecting", () => {
  test("calls a batch off that is due and has not come", async () => {
    const only = writer();
    await only.submitDue(signal);
    expect((await only.collect(DUE, signal)).size).toBe(0);
    expect(dropped).toEqual([DUE_ID]);
    expect(log.lines.at(-1)?.message).toContain("not waited for");
  });

  test("gives each slot its answer, on the topic it was ordered with, after a restart and with other topics too", async () => {
    await writer().submitDue(signal);
    const items = itemsOf(DUE_ID);
    replies = [items[42]!, items[7]!].map((item) => replyTo(item));
    const before = planConversation(DUE, 42, ports.topics.records, "1").topic.id;
    ports.topics.records.push(...createTopics(80, "feed"));
    const found = await writer().collect(DUE, signal);
    expect([...found.keys()]).toEqual([42, 7]);
    expect(found.get(42)).toMatchObject({ topic: { id: before }, model: "anthropic/haiku" });
    expect(found.get(42)?.dialogue).toEqual(createFitDialogue({ roles: rolesOf(42) }, items[42]!.id));
    // What a model was told then is what its answer is held against now.
    expect(found.get(42)?.told).toContain(items[42]?.prompt.messages[0]?.text);
  });

  test("leaves out answers that do not fit, and those about topics that are gone or asleep", async () => {
    ports.topics.records = createTopics(100);
    await writer().submitDue(signal);
    const items = itemsOf(DUE_ID);
    replies = [
      replyTo(items[0]!, { text: "I cannot" }),
      replyTo(items[1]!, { text: '{"messages":[]}' }),
      replyTo(items[2]!, { text: "", stop: "refused" }),
      replyTo(items[3]!, { stop: "truncated" }),
      ...items.slice(4, 7).map((item) => replyTo(item)),
    ];
    const topicOf = (index: number) => planConversation(DUE, index, createTopics(100), "1").topic.id;
    ports.topics.records = createTopics(100)
      .filter(({ id }) => id !== topicOf(4))
      .map((topic) => ({ ...topic, active: topic.id !== topicOf(5) }));
    expect([...(await writer().collect(DUE, signal)).keys()]).toEqual([6]);
  });

  test("gives nothing while nothing has come, for an hour or a content that was not handed in, or in a failure", async () => {
    const only = writer();
    await only.submitDue(signal);
    expect((await only.collect(DUE, signal)).size).toBe(0);
    replies = itemsOf(DUE_ID).map((item) => replyTo(item));
    expect((await only.collect(HOUR, signal)).size).toBe(0);
    expect((await writer({ contentVersion: "2" }).collect(DUE, signal)).size).toBe(0);
    failure = new Error("away");
    expect((await only.collect(DUE, signal)).size).toBe(0);
    expect(log.lines.at(-1)?.level).toBe("warn");
    failure = null;
    expect((await only.collect(DUE, signal)).size).toBe(100);
  });
});
