import { beforeEach, expect, test } from "vitest";
import type { StoredTopic } from "#schema/stored/topic.ts";
import { createFakeClock, type FakeClock } from "../fake-clock.ts";
import { createFiller, type FillProgress } from "./filler.ts";
import { createFitDialogue } from "./fit-dialogue.fixture.ts";
import { createGenerator, type Prepared } from "./generator.ts";
import { createMemoryLog, createMemoryPorts, createTopics, type MemoryPorts } from "./memory-ports.ts";
import { createTestPoolLedger } from "./pool-ledger.fixture.ts";
import { createScriptedDialogue } from "./scripted-dialogue.fixture.ts";
import { createScriptedRunTask, type ScriptedAsk } from "./scripted-run-task.fixture.ts";

const signal = new AbortController().signal;
const NOW = "2026-01-02T07";

let ports: MemoryPorts;
let clock: FakeClock;
let progress: FillProgress[];
let collected: string[];
let early: ReadonlyMap<number, Prepared>;
let earlyOf: string;
let asks: readonly ScriptedAsk[];

function createTestFiller() {
  const model = createScriptedRunTask(({ input, number }) => createFitDialogue(input, `model ${number}`));
  asks = model.asks;
  const generator = createGenerator({
    runTask: model.runTask,
    task: createScriptedDialogue(),
    conversations: ports.conversations,
    clock,
    log: createMemoryLog(),
    novelty: createTestPoolLedger(ports.conversations),
    contentVersion: "1",
    approach: () => ({ method: "llm" }),
    onInserted: () => {},
    onEvent: () => {},
  });
  return createFiller({
    generator,
    conversations: ports.conversations,
    topics: ports.topics,
    batches: ports.batches,
    clock,
    byModels: true,
    ahead: {
      async collect(hour) {
        collected.push(hour);
        return await Promise.resolve(hour === earlyOf ? early : new Map());
      },
    },
    onProgress: (step) => progress.push(step),
    onOutcome: () => {},
  });
}

const slotsOf = (method: string) =>
  [...ports.conversations.records.values()]
    .filter(({ generationMethod }) => generationMethod === method)
    .map(({ batchSlot }) => batchSlot);

beforeEach(() => {
  ports = createMemoryPorts();
  ports.topics.records = createTopics(30);
  clock = createFakeClock(Date.UTC(2026, 0, 2, 7, 20));
  progress = [];
  collected = [];
  early = new Map();
  earlyOf = NOW;
});

test("models write the newest hour's batch alone, after all older ones were written offline", async () => {
  await createTestFiller().fill(signal);
  expect(slotsOf("llm")).toHaveLength(100);
  expect(slotsOf("llm").every((slot) => slot.startsWith(NOW))).toBe(true);
  expect(slotsOf("template")).toHaveLength(2300);
  expect([progress[0]?.hour, progress.at(-1)?.hour]).toEqual(["2026-01-02T06", NOW]);
});

test("models write every new hour's batch, and what is asked for beyond it", async () => {
  const filler = createTestFiller();
  await filler.fill(signal);
  await clock.advance(3_600_000);
  await filler.fill(signal);
  expect(slotsOf("llm")).toHaveLength(200);
  await filler.addExtra(7, signal);
  expect(slotsOf("llm").slice(200)).toEqual(
    Array.from({ length: 7 }, (_, at) => `2026-01-02T08#${100 + at}`),
  );
});

test("what was written before it was due is taken for the hour's batch, not for what is asked for beyond it", async () => {
  const [topic] = createTopics(1, "feed") as [StoredTopic];
  const dialogue = createFitDialogue({ roles: [0, 1].map((slot) => ({ slot, archetype: "shy" })) }, "early");
  early = new Map([[3, { topic, dialogue, model: "a/b", told: "" }]]);
  const filler = createTestFiller();
  await filler.fill(signal);
  await filler.addExtra(2, signal);
  expect(collected.filter((hour) => hour === NOW)).toEqual([NOW]);
  expect(ports.conversations.records.get("20260102t07-003")).toMatchObject({
    model: "a/b",
    topicId: "feed-0",
  });
  expect(asks).toHaveLength(99 + 2);
});

test("an hour that was over before its turn has what was written for it, and the rest offline", async () => {
  const [topic] = createTopics(1, "feed") as [StoredTopic];
  const dialogue = createFitDialogue({ roles: [0, 1].map((slot) => ({ slot, archetype: "shy" })) }, "early");
  early = new Map([[3, { topic, dialogue, model: "a/b", told: "" }]]);
  earlyOf = "2026-01-02T05";
  await createTestFiller().fill(signal);
  expect(slotsOf("llm").filter((slot) => slot.startsWith(earlyOf))).toEqual([`${earlyOf}#003`]);
  expect(slotsOf("template").filter((slot) => slot.startsWith(earlyOf))).toHaveLength(99);
  expect(asks).toHaveLength(100);
  expect(progress.at(-1)).toMatchObject({ done: 2400, total: 2400 });
  expect(ports.batches.records.get(earlyOf)).toMatchObject({ wanted: 100, written: 100, failed: 0 });
});
