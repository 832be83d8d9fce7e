import { beforeEach, describe, expect, it } from "vitest";
import { isUniqueId } from "#schema/stored/unique-conversation.ts";
import { DIFFICULTIES } from "#schema/vocabulary.ts";
import { createFakeClock } from "../fake-clock.ts";
import { createNoveltyLedger } from "../writer/novelty/ledger.ts";
import { toStoredView } from "./choose.ts";
import { createFitDialogue } from "./fit-dialogue.fixture.ts";
import { createMemoryLog, createMemoryPorts, createTopics, type MemoryPorts } from "./memory-ports.ts";
import { createConversation } from "./pool-entry.fixture.ts";
import { createScriptedDialogue } from "./scripted-dialogue.fixture.ts";
import { createScriptedRunTask, type ScriptedAsk } from "./scripted-run-task.fixture.ts";
import { createUniqueWriter, type UniqueWriterDeps } from "./unique-writer.ts";

const clock = createFakeClock(Date.UTC(2026, 0, 1, 5, 30));
const { signal } = new AbortController();
const DAY_MS = 24 * 3_600_000;
const wish = { userId: "ann", capacity: 5 };

let ports: MemoryPorts;
let checks: string[];
let ids: number;

beforeEach(() => {
  ports = createMemoryPorts();
  ports.topics.records = createTopics(12);
  checks = [];
  ids = 0;
});

const fit = ({ input, number }: ScriptedAsk) => createFitDialogue(input, `model ${number}`);
const unfit = (ask: ScriptedAsk) => ({
  messages: fit(ask).messages.map((message) => ({ ...message, text: `*waves* ${message.text}` })),
});

function open(answer: Parameters<typeof createScriptedRunTask>[0], change: Partial<UniqueWriterDeps> = {}) {
  const { runTask, asks } = createScriptedRunTask(answer);
  const askedFor: string[] = [];
  const write = createUniqueWriter({
    task: createScriptedDialogue((request, { rng }) => createFitDialogue(request, `offline ${rng()}`)),
    runTaskFor(userId) {
      askedFor.push(userId);
      return runTask;
    },
    methodFor: () => "llm",
    topics: ports.topics,
    views: ports.views,
    ledger: createNoveltyLedger(),
    contentVersion: "1",
    onChecked: (userId, passed) => void checks.push(`${userId} ${passed}`),
    onWritten: (userId) => void checks.push(`${userId} written`),
    newId: () => String(ids++),
    clock,
    log: createMemoryLog(),
    ...change,
  });
  return { write, asks, askedFor };
}

describe("a conversation written for one user", () => {
  it("is a model's, asked in the user's name and not at their cost, and lasts a day", async () => {
    const { write, asks, askedFor } = open(fit);
    const written = await write(wish, signal);
    expect(written).toMatchObject({
      id: "unique-0",
      batchSlot: "unique-0",
      generationMethod: "llm",
      model: "groq/gpt-oss",
      createdAtMs: clock.nowMs(),
      expiresAtMs: clock.nowMs() + DAY_MS,
      participantCount: written?.roles.length,
    });
    expect(isUniqueId(written?.id ?? "")).toBe(true);
    expect([askedFor, asks.map(({ scope }) => [scope.userId, scope.conversationId])]).toEqual([
      ["ann"],
      [[undefined, "unique-0"]],
    ]);
    expect(checks).toEqual(["ann true", "ann written"]);
  });

  it("is asked for again when it breaks the pool's rules, then written offline", async () => {
    const once = open((ask) => (ask.number === 1 ? unfit(ask) : fit(ask)));
    expect((await once.write(wish, signal))?.generationMethod).toBe("llm");
    expect(checks).toEqual(["ann false", "ann true", "ann written"]);
    checks = [];
    const always = open(unfit);
    expect((await always.write(wish, signal))?.generationMethod).toBe("template");
    expect([always.asks.length, checks]).toEqual([2, ["ann false", "ann false", "ann written"]]);
  });

  it.each(["no-model", "over-budget", "failed"] as const)(
    "is written offline where there is %s",
    async (offlineReason) => {
      const { write, asks } = open(() => ({ offlineReason }));
      expect((await write(wish, signal))?.generationMethod).toBe("template");
      expect(asks).toHaveLength(1);
    },
  );

  it("asks no model where the offline writer is what is tried", async () => {
    const { write, asks } = open(fit, { methodFor: () => "template" });
    const [one, two] = [await write(wish, signal), await write(wish, signal)];
    expect([asks.length, one?.generationMethod]).toEqual([0, "template"]);
    expect(one?.messages).not.toEqual(two?.messages);
  });

  it("is of the difficulty, topic and size that are wished", async () => {
    const { write } = open(fit);
    for (const difficulty of DIFFICULTIES) {
      const written = await write({ ...wish, difficulty, topicId: "starter-3" }, signal);
      expect([written?.difficulty, written?.topicId]).toEqual([difficulty, "starter-3"]);
    }
    for (let nth = 0; nth < 20; nth++) {
      expect((await write({ ...wish, capacity: 2 }, signal))?.participantCount).toBe(2);
    }
  });

  it("is none where nothing can be what is wished", async () => {
    const { write, asks } = open(fit);
    expect(await write({ ...wish, topicId: "unheard-of" }, signal)).toBeNull();
    expect(await write({ ...wish, capacity: 2, difficulty: "complex" }, signal)).toBeNull();
    ports.topics.records = [];
    expect(await write(wish, signal)).toBeNull();
    expect(asks).toEqual([]);
  });

  it("is about none of the user's last eight topics, as long as there are others", async () => {
    const { write } = open(fit);
    for (let nth = 0; nth < 8; nth++) {
      const seen = createConversation("2026-01-01T00", nth, [{ id: `starter-${nth}` }]);
      await ports.views.record(toStoredView("ann", seen, [], nth));
    }
    const topics = new Set<string | undefined>();
    for (let nth = 0; nth < 30; nth++) topics.add((await write(wish, signal))?.topicId);
    expect(topics).toEqual(new Set(["starter-8", "starter-9", "starter-10", "starter-11"]));
    ports.topics.records = createTopics(8);
    expect((await write(wish, signal))?.topicId).toMatch(/^starter-[0-7]$/);
  });

  it("is given up when it is not wanted any more", async () => {
    const ending = new AbortController();
    const { write } = open((ask) => {
      ending.abort(new Error("gone"));
      return fit(ask);
    });
    await expect(write(wish, ending.signal)).rejects.toThrow("gone");
    expect(checks).toEqual([]);
  });
});
