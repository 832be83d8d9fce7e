import { beforeEach, describe, expect, test } from "vitest";
import type { PoolEntry } from "#schema/stored/conversation.ts";
import { createFakeClock } from "../fake-clock.ts";
import { runOffline } from "../run-task.ts";
import { hourStartMs } from "./batch-hours.ts";
import type { Dialogue, DialogueRequest } from "./dialogue.ts";
import { createGenerator, type GeneratorDeps } from "./generator.ts";
import { createMemoryLog, createMemoryPorts, createTopics, type MemoryPorts } from "./memory-ports.ts";
import { createTestPoolLedger } from "./pool-ledger.fixture.ts";
import { createScriptedDialogue, writeLines } from "./scripted-dialogue.fixture.ts";

const HOUR = "2026-01-01T00";
const clock = createFakeClock(hourStartMs(HOUR) + 5000);
const topics = createTopics(30);
const allIndexes = Array.from({ length: 100 }, (_, i) => i);

let ports: MemoryPorts;
let stored: PoolEntry[];
let log: ReturnType<typeof createMemoryLog>;

function generator(change: Partial<GeneratorDeps> = {}) {
  return createGenerator({
    runTask: runOffline,
    task: createScriptedDialogue(),
    conversations: ports.conversations,
    clock,
    log,
    novelty: createTestPoolLedger(ports.conversations),
    contentVersion: "1",
    approach: () => ({ method: "template" }),
    onEvent: () => {},
    onInserted: (entries) => stored.push(...entries),
    ...change,
  });
}

const request = (change: object = {}) => ({
  hour: HOUR,
  indexes: allIndexes,
  topics,
  attempt: 0,
  byModels: false,
  signal: new AbortController().signal,
  ...change,
});
const records = () => [...ports.conversations.records.values()];

beforeEach(() => {
  ports = createMemoryPorts();
  stored = [];
  log = createMemoryLog();
});

describe("generating a batch", () => {
  test("stores whole conversations with their tags, and tells of each entry without its texts", async () => {
    expect(await generator().generate(request())).toEqual({ written: 100, failed: 0, duplicates: 0 });
    const record = ports.conversations.records.get("20260101t00-042")!;
    expect(record).toMatchObject({
      batchSlot: "2026-01-01T00#042",
      generationMethod: "template",
      viewCount: 0,
    });
    expect(record.participantCount).toBe(record.roles.length);
    expect(record.messages.map(({ order }) => order)).toEqual(record.messages.map((_, i) => i));
    expect(record.createdAtMs).toBe(clock.nowMs());
    expect(stored).toHaveLength(100);
    expect(Object.keys(stored[42]!)).not.toContain("messages");
    expect(stored[42]!.id).toBe(record.id);
  });

  test("spreads expiries over the hour a day later", async () => {
    await generator().generate(request());
    const expiries = records().map(({ expiresAtMs }) => expiresAtMs - hourStartMs(HOUR) - 24 * 3_600_000);
    expect(expiries).toEqual(allIndexes.map((i) => i * 36_000));
  });

  test("gives the same texts for the same slot, and others for another content version", async () => {
    await generator().generate(request());
    const first = records();
    ports = createMemoryPorts();
    await generator().generate(request());
    expect(records()).toEqual(first);
    ports = createMemoryPorts();
    await generator({ contentVersion: "2" }).generate(request());
    expect(records().map(({ messages }) => messages)).not.toEqual(first.map(({ messages }) => messages));
  });

  test("goes on past single failures and counts them", async () => {
    let call = 0;
    const task = createScriptedDialogue((input: DialogueRequest, scope): Dialogue => {
      call++;
      if (call % 10 === 0) throw new Error("no words");
      return call % 10 === 5 ? { messages: [] } : writeLines(input, scope);
    });
    expect(await generator({ task }).generate(request())).toMatchObject({ written: 80, failed: 20 });
    expect(records()).toHaveLength(80);
    expect(log.lines.filter(({ level }) => level === "warn")).toHaveLength(20);
  });

  test("a failed slot gets another seed at the next attempt", async () => {
    const seeds: number[] = [];
    const task = createScriptedDialogue((input, scope) => {
      seeds.push(scope.rng());
      return writeLines(input, scope);
    });
    for (const attempt of [0, 1, 1]) await generator({ task }).generate(request({ indexes: [7], attempt }));
    expect(seeds[1]).not.toBe(seeds[0]);
    expect(seeds[2]).toBe(seeds[1]);
  });

  test("a slot that another process stored first is neither doubled nor a failure", async () => {
    await generator().generate(request({ indexes: [0, 1, 2] }));
    stored = [];
    const outcome = await generator().generate(request({ indexes: [0, 1, 2, 3] }));
    expect(outcome).toEqual({ written: 1, failed: 0, duplicates: 3 });
    expect(stored.map(({ id }) => id)).toEqual(["20260101t00-003"]);
  });

  test("ends at once when aborted, and keeps what is written", async () => {
    const abort = new AbortController();
    let calls = 0;
    const task = createScriptedDialogue((input, scope) => {
      if (++calls === 30) abort.abort();
      return writeLines(input, scope);
    });
    const outcome = await generator({ task }).generate(request({ signal: abort.signal }));
    expect(outcome).toEqual({ written: 29, failed: 0, duplicates: 0 });
    expect(calls).toBe(30);
  });

  test("a store that fails ends the run with its error; what was stored before counts", async () => {
    const broken = new Error("disk full");
    const insertMany = async (list: Parameters<typeof ports.conversations.insertMany>[0]) => {
      if (records().length >= 40) throw broken;
      return ports.conversations.insertMany(list);
    };
    const outcome = await generator({ conversations: { ...ports.conversations, insertMany } }).generate(
      request(),
    );
    expect(outcome).toEqual({ written: 40, failed: 20, duplicates: 0, error: broken });
  });

  test("without topics nothing is written and the reason told", async () => {
    const outcome = await generator().generate(request({ topics: [] }));
    expect(outcome).toMatchObject({ written: 0, failed: 100, error: expect.any(Error) });
  });

  test("gives way to whatever else is due after every conversation", async () => {
    let turns = 0;
    let running = true;
    const others = () => {
      turns++;
      if (running) setImmediate(others);
    };
    setImmediate(others);
    await generator().generate(request());
    running = false;
    expect(turns).toBeGreaterThanOrEqual(99);
  });
});
