import { setImmediate as nextTurn } from "node:timers/promises";
import { beforeEach, describe, expect, test } from "vitest";
import type { StoredTopic } from "#schema/stored/topic.ts";
import { createFakeClock } from "../fake-clock.ts";
import { hourStartMs, toConversationId } from "./batch-hours.ts";
import type { Dialogue } from "./dialogue.ts";
import { createFitDialogue } from "./fit-dialogue.fixture.ts";
import type { GenerationEvent } from "./generation-event.ts";
import { createGenerator, type GeneratorDeps } from "./generator.ts";
import { createMemoryLog, createMemoryPorts, createTopics, type MemoryPorts } from "./memory-ports.ts";
import { createTestPoolLedger } from "./pool-ledger.fixture.ts";
import { createScriptedDialogue } from "./scripted-dialogue.fixture.ts";
import { createScriptedRunTask, type ScriptedAsk } from "./scripted-run-task.fixture.ts";

const HOUR = "2026-01-01T00";
const clock = createFakeClock(hourStartMs(HOUR));
const topics = createTopics(30);
const indexes = (count: number) => Array.from({ length: count }, (_, index) => index);
const TEN = indexes(10);

type WithoutId<Event> = Event extends unknown ? Omit<Event, "conversationId"> : never;
type Told = WithoutId<GenerationEvent>;

function withoutId(event: GenerationEvent): Told {
  if (event.type === "fell-back") return event;
  const { conversationId, ...rest } = event;
  expect(conversationId).not.toBe("");
  return rest;
}

let ports: MemoryPorts;
/** What became of the conversations, not which they were. */
let events: Told[];
let log: ReturnType<typeof createMemoryLog>;
let offline: string[];

const fit = ({ input, number }: ScriptedAsk) => createFitDialogue(input, `model ${number}`);
const unfit = (ask: ScriptedAsk): Dialogue => ({
  messages: fit(ask).messages.map((message) => ({ ...message, text: `*waves* ${message.text}` })),
});

function generator({ runTask }: Pick<GeneratorDeps, "runTask">, change: Partial<GeneratorDeps> = {}) {
  return createGenerator({
    runTask,
    task: createScriptedDialogue((request, scope) => {
      offline.push(scope.conversationId ?? "");
      return createFitDialogue(request, `offline ${scope.rng()}`);
    }),
    conversations: ports.conversations,
    clock,
    log,
    novelty: createTestPoolLedger(ports.conversations),
    contentVersion: "1",
    approach: () => ({ method: "llm" }),
    onInserted: () => {},
    onEvent: (event) => events.push(withoutId(event)),
    ...change,
  });
}

const request = (change: object = {}) => {
  const { signal } = new AbortController();
  return { hour: HOUR, indexes: TEN, topics, attempt: 0, byModels: true, signal, ...change };
};
const records = () => [...ports.conversations.records.values()];
const methods = () => records().map(({ generationMethod }) => generationMethod);
const countOf = (wanted: Partial<Told>) =>
  events.filter((event) => Object.entries(wanted).every(([key, value]) => Reflect.get(event, key) === value))
    .length;

beforeEach(() => {
  ports = createMemoryPorts();
  events = [];
  log = createMemoryLog();
  offline = [];
});

describe("a batch that models write", () => {
  test("has their texts, tells which model wrote, and asks nobody twice", async () => {
    const model = createScriptedRunTask(fit);
    expect(await generator(model).generate(request())).toEqual({ written: 10, failed: 0, duplicates: 0 });
    expect(model.asks.map(({ task, scope }) => `${task} ${scope.conversationId}`)).toEqual(
      TEN.map((index) => `scripted-dialogue 20260101t00-00${index}`),
    );
    expect(records()[3]).toMatchObject({ generationMethod: "llm", model: "groq/gpt-oss" });
    expect(records()[3]).not.toHaveProperty("cores");
    expect(offline).toEqual([]);
    expect(events).toEqual(TEN.map(() => ({ type: "written", method: "llm" })));
  });

  test("is written offline where models may not be asked, or where the conversation's approach is another", async () => {
    const model = createScriptedRunTask(fit);
    await generator(model).generate(request({ byModels: false }));
    expect([model.asks.length, new Set(methods())]).toEqual([0, new Set(["template"])]);
    ports = createMemoryPorts();
    const approach = (id: string) => ({
      method: id.endsWith("4") ? ("llm" as const) : ("template" as const),
    });
    await generator(model, { approach }).generate(request());
    expect(methods()).toEqual(TEN.map((index) => (index === 4 ? "llm" : "template")));
    expect(records()[0]).not.toHaveProperty("model");
  });

  test("tells for which arm of an experiment a conversation was written, and asks in its order", async () => {
    const model = createScriptedRunTask(fit);
    const arm = { name: "chains/quick", order: "speed" } as const;
    await generator(model, { approach: () => ({ method: "llm", arm }) }).generate(request({ indexes: [0] }));
    expect(records()[0]?.arm).toBe("chains/quick");
    expect(model.asks[0]?.scope.arm).toEqual(arm);
  });

  test("has the offline writer's plan in a model's words when it is a hybrid", async () => {
    const model = createScriptedRunTask(fit);
    const approach = () => ({ method: "hybrid" as const });
    await generator(model, { approach }).generate(request({ indexes: [0] }));
    expect(model.asks[0]?.task).toBe("pool-wording");
    const said = records()[0]?.messages.map(({ text }) => text);
    expect(said).toEqual(createFitDialogue(model.asks[0]!.input, "model 1").messages.map(({ text }) => text));
    expect(model.asks[0]?.input.draft).toHaveLength(said?.length ?? 0);
    expect(methods()).toEqual(["hybrid"]);
  });

  test("asks once more for a text that breaks rules, with another draw, and keeps the better one", async () => {
    const model = createScriptedRunTask((ask) => (ask.number === 1 ? unfit(ask) : fit(ask)));
    await generator(model).generate(request({ indexes: [0] }));
    const draws = model.asks.map(({ input }) => input.draw);
    expect(new Set(draws).size).toBe(2);
    expect(methods()).toEqual(["llm"]);
    expect(events).toEqual([
      { type: "rejected", method: "llm", rules: ["stage-direction"] },
      { type: "written", method: "llm" },
    ]);
  });

  test("leaves to the offline writer what breaks rules twice", async () => {
    const model = createScriptedRunTask(unfit);
    await generator(model).generate(request({ indexes: [0] }));
    expect(model.asks).toHaveLength(2);
    expect(methods()).toEqual(["template"]);
    expect(records()[0]).not.toHaveProperty("model");
    expect(events.slice(2)).toEqual([
      { type: "fell-back", method: "llm", reason: "rejected" },
      { type: "written", method: "template" },
    ]);
  });

  test("lets in one of two like texts that were asked for at once", async () => {
    const same = createScriptedRunTask(({ input, number }) =>
      createFitDialogue(input, number <= 2 ? "same" : `model ${number}`),
    );
    await generator(same).generate(request({ indexes: [0, 1] }));
    const texts = records().flatMap(({ messages }) => messages.map(({ text }) => text));
    expect(new Set(texts).size).toBe(texts.length);
    expect(events).toContainEqual({ type: "rejected", method: "llm", rules: ["stale"] });
    expect(methods()).toEqual(["llm", "llm"]);
  });

  test.each(["no-model", "over-budget"] as const)(
    "asks for none of the rest after %s, but for the next batch",
    async (offlineReason) => {
      const model = createScriptedRunTask((ask) => (ask.number <= 3 ? fit(ask) : { offlineReason }));
      await generator(model).generate(request({ indexes: indexes(60) }));
      expect(model.asks.length).toBeLessThanOrEqual(12);
      expect(countOf({ type: "fell-back", reason: offlineReason })).toBe(57);
      expect(methods().filter((method) => method === "llm")).toHaveLength(3);
      const before = model.asks.length;
      await generator(model).generate(request({ indexes: [70] }));
      expect(model.asks.length).toBe(before + 1);
    },
  );

  test("asks on after a refusal, a failure or an error, which is logged without a word of the text", async () => {
    const model = createScriptedRunTask((ask) => {
      if (ask.number === 1) return { offlineReason: "refused" };
      if (ask.number === 2) throw new Error("broken");
      return fit(ask);
    });
    expect(await generator(model).generate(request())).toMatchObject({ written: 10, failed: 0 });
    expect(methods()).toEqual(TEN.map((index) => (index < 2 ? "template" : "llm")));
    expect([countOf({ reason: "refused" }), countOf({ reason: "failed" })]).toEqual([1, 1]);
    expect(log.lines.map(({ message }) => message)).toEqual(["a model could not be asked"]);
  });

  test("has eight calls under way at most, and is stored in order whichever answers first", async () => {
    const waiting: (() => void)[] = [];
    const sizes: number[] = [];
    const model = createScriptedRunTask(async (ask) => {
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
      });
      return fit(ask);
    });
    const whole = generator(model).generate(request({ indexes: indexes(24) }));
    while (records().length < 24) {
      for (let turn = 0; turn < 30; turn++) await nextTurn();
      sizes.push(waiting.length);
      // The last that was asked answers first.
      for (const answer of waiting.splice(0).toReversed()) {
        answer();
        await nextTurn();
      }
    }
    await whole;
    expect(Math.max(...sizes)).toBe(8);
    expect(records().map(({ id }) => id)).toEqual(indexes(24).map((index) => toConversationId(HOUR, index)));
  });

  test("ends its calls at once when it is aborted, keeps what was written and counts nothing as failed", async () => {
    const abort = new AbortController();
    const ended: number[] = [];
    const model = createScriptedRunTask(async (ask) => {
      if (ask.number <= 5) return fit(ask);
      if (ask.number === 8) abort.abort(new Error("stop"));
      await new Promise((resolve) => {
        if (ask.scope.signal.aborted) resolve(undefined);
        ask.scope.signal.addEventListener("abort", resolve);
      });
      ended.push(ask.number);
      throw new Error("aborted");
    });
    const outcome = await generator(model).generate(request({ indexes: indexes(30), signal: abort.signal }));
    expect(outcome.failed).toBe(0);
    expect(outcome.written).toBeLessThanOrEqual(5);
    expect(ended).toEqual(model.asks.slice(5).map(({ number }) => number));
    expect(model.asks.length).toBeLessThanOrEqual(8);
    expect([countOf({ type: "fell-back" }), offline, log.lines]).toEqual([0, [], []]);
  });

  test("ends its calls when the store fails", async () => {
    ports.conversations.insertMany = () => Promise.reject(new Error("disk full"));
    const model = createScriptedRunTask(fit);
    const outcome = await generator(model).generate(request({ indexes: indexes(40) }));
    expect(outcome).toMatchObject({ written: 0, failed: 20 });
    expect(model.asks.at(-1)?.scope.signal.aborted).toBe(true);
    expect(model.asks.length).toBeLessThan(40);
  });
});

describe("what was written before it was due", () => {
  const older = { ...(createTopics(40)[39] as StoredTopic), id: "older", text: "An older topic" };
  const roles = [0, 1, 2, 3, 4].map((slot) => ({ slot, archetype: "shy" as const }));

  test("is taken without a call, on the topic it was written about", async () => {
    const model = createScriptedRunTask(fit);
    const plain = createMemoryPorts();
    await generator(model, { conversations: plain.conversations }).generate(request({ indexes: [2] }));
    const asked = model.asks[0]!.input;
    const prepared = new Map([
      [2, { topic: older, dialogue: createFitDialogue(asked, "early"), model: "anthropic/haiku", told: "" }],
    ]);
    await generator(model).generate(request({ indexes: [2, 3], prepared }));
    expect(model.asks.map(({ scope }) => scope.conversationId?.slice(-1))).toEqual(["2", "3"]);
    const record = records()[0];
    expect(record).toMatchObject({ topicId: "older", model: "anthropic/haiku", generationMethod: "llm" });
    expect(record?.roles).toEqual(plain.conversations.records.get(record?.id ?? "")?.roles);
  });

  test("is asked for once more where it breaks rules", async () => {
    const model = createScriptedRunTask(fit);
    const dialogue = createFitDialogue({ roles }, "early");
    const told = "Say that nine words in a row are one too many.";
    dialogue.messages[0] = { slot: 0, text: told, sentiment: "neutral" };
    const prepared = new Map([[0, { topic: older, dialogue, model: "a/b", told }]]);
    await generator(model).generate(request({ indexes: [0], prepared }));
    expect(events[0]).toEqual({ type: "rejected", method: "llm", rules: ["copied"] });
    expect(model.asks).toHaveLength(1);
    expect(records()[0]).toMatchObject({ model: "groq/gpt-oss", topicId: "older" });
  });
});
