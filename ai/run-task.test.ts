import * as z from "zod/mini";
import { describe, expect, it } from "vitest";
import { InvalidTaskInputError, InvalidTaskOutputError, TaskAbortedError } from "./errors.ts";
import { createFakeClock } from "./fake-clock.ts";
import { createRng } from "./rng.ts";
import { createTestGateway, type TestGatewayOptions } from "./gateway/gateway.fixture.ts";
import type { ScriptedCall } from "./gateway/scripted-model.fixture.ts";
import { ProviderError } from "./providers/provider-error.ts";
import { createRunTask, runOffline } from "./run-task.ts";
import { defineTask, type Scope, toPlainPrompt } from "./task.ts";

const double = defineTask({
  name: "double",
  input: z.object({ count: z.number().check(z.gte(0)) }),
  output: z.object({ doubled: z.number().check(z.lte(100)) }),
  answers: ({ count }, { doubled }) => doubled === count * 2,
  prompt: ({ count }) => toPlainPrompt("Double it.", String(count)),
  writeOffline: ({ count }, { rng }) => ({ doubled: count === 13 ? Math.floor(rng() * 10) : count * 2 }),
});

const scope = (signal = new AbortController().signal): Scope => ({
  signal,
  rng: createRng("seed"),
  clock: createFakeClock(),
});

describe("runOffline", () => {
  it("answers from the offline writer, at no cost", async () => {
    expect(await runOffline(double, { count: 4 }, scope())).toEqual({
      output: { doubled: 8 },
      source: "offline",
      attempts: 0,
      refusals: 0,
      repaired: false,
      usage: { inputTokens: 0, cachedTokens: 0, cacheWriteTokens: 0, outputTokens: 0, thinkingTokens: 0 },
      costUsd: 0,
      costBreakdown: { input: 0, output: 0, cache: 0 },
    });
  });

  it("refuses an input that does not fit, before anything is written", async () => {
    await expect(runOffline(double, { count: -1 }, scope())).rejects.toBeInstanceOf(InvalidTaskInputError);
  });

  it("refuses an output that breaks the schema", async () => {
    await expect(runOffline(double, { count: 60 }, scope())).rejects.toBeInstanceOf(InvalidTaskOutputError);
  });

  it("refuses an output that does not answer its input", async () => {
    await expect(runOffline(double, { count: 13 }, scope())).rejects.toBeInstanceOf(InvalidTaskOutputError);
  });

  it("does nothing for a scope that was aborted", async () => {
    await expect(runOffline(double, { count: 4 }, scope(AbortSignal.abort()))).rejects.toBeInstanceOf(
      TaskAbortedError,
    );
  });

  it("keeps no part of an input in its errors' messages", async () => {
    const failure = await runOffline(double, { count: -77 }, scope()).catch(String);
    expect(failure).not.toContain("77");
  });
});

/** Gives plain text, which can be streamed. */
const greet = defineTask({
  name: "greet",
  input: z.object({ name: z.string() }),
  output: z.object({ text: z.string().check(z.minLength(1)) }),
  fromText: (text) => ({ text: text.trim() }),
  prompt: ({ name }) => toPlainPrompt("Greet.", name),
  writeOffline: ({ name }) => ({ text: `Hello, ${name}.` }),
});

const usage = {
  uncachedInputTokens: 100,
  cachedInputTokens: 40,
  cacheWriteTokens: { "5m": 0, "1h": 0 },
  outputTokens: 20,
  thinkingTokens: 5,
};
const say = (...texts: string[]): ScriptedCall => ({ texts, end: { usage } });
const refuse: ScriptedCall = { end: { stop: "refused", usage } };
const cutOff = (text: string): ScriptedCall => ({ texts: [text], end: { usage, stop: "truncated" } });
const breakOff = (text: string): ScriptedCall => ({
  texts: [text],
  end: new ProviderError("v", "interrupted"),
});

function setUp(calls: Parameters<typeof createTestGateway>[0], options?: TestGatewayOptions) {
  const house = createTestGateway(calls, options);
  return { ...house, runTask: createRunTask(house.gateway) };
}

describe("a task done by models", () => {
  it("gives what the model answered, who that was and what it took", async () => {
    const { runTask, models } = setUp({ groq: [say('{"doubled":8}')] });
    expect(await runTask(double, { count: 4 }, scope())).toEqual({
      output: { doubled: 8 },
      source: "model",
      provider: "groq",
      model: "groq-model",
      attempts: 1,
      refusals: 0,
      repaired: false,
      usage: { inputTokens: 140, cachedTokens: 40, cacheWriteTokens: 0, outputTokens: 20, thinkingTokens: 5 },
      costUsd: 0.00016,
      costBreakdown: { input: 0.0001, output: 0.00002, cache: 0.00004 },
    });
    expect(models.get("groq")?.requests[0]?.output).toMatchObject({
      name: "double",
      json: { required: ["doubled"], additionalProperties: false },
    });
  });

  it("reads JSON between fences, and asks for a narrower shape where the task says so", async () => {
    const { runTask, models } = setUp({ groq: [say('```json\n{"doubled":8}\n```')] });
    const output = z.object({ doubled: z.number(), seed: z.optional(z.string()) });
    const narrow = { ...double, output, asked: z.object({ doubled: z.number() }) };
    expect((await runTask(narrow, { count: 4 }, scope())).source).toBe("model");
    expect(models.get("groq")?.requests[0]?.output?.json).toMatchObject({ required: ["doubled"] });
  });

  it.each([
    ["is no JSON", say("Eight."), "not one JSON value"],
    ["breaks the schema", say('{"doubled":"8"}'), "doubled"],
    ["does not answer the input", say('{"doubled":9}'), "not do all"],
    ["was cut off", cutOff('{"dou'), "cut off"],
  ])("lets the same model mend an answer that %s, once", async (_, first, problem) => {
    const { runTask, models, entries } = setUp({ mistral: [refuse], groq: [first, say('{"doubled":8}')] });
    const result = await runTask(double, { count: 4 }, scope());
    expect(result).toMatchObject({
      output: { doubled: 8 },
      source: "model",
      provider: "groq",
      attempts: 3,
      refusals: 1,
      repaired: true,
    });
    const [, mending] = models.get("groq")?.requests ?? [];
    expect(mending?.messages.map(({ role }) => role)).toEqual(["user", "assistant", "user"]);
    expect(mending?.messages.at(-1)?.text).toContain(problem);
    const booked = entries.reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0);
    expect(result.costUsd).toBe(booked / 1e9);
  });

  it("is written offline when the mended answer does not fit either, and the calls are paid all the same", async () => {
    const { runTask, models } = setUp({ groq: [say("Eight.")] });
    const result = await runTask(double, { count: 4 }, scope());
    expect(result).toMatchObject({
      output: { doubled: 8 },
      source: "offline",
      offlineReason: "invalid",
      attempts: 2,
      repaired: true,
      costUsd: 0.00032,
    });
    expect(models.get("groq")?.requests).toHaveLength(2);
  });

  it.each([
    ["refused", { groq: [refuse] }, {}],
    ["failed", { groq: [{ end: new ProviderError("groq", "bad-request") }] }, {}],
    ["no-model", {}, {}],
    ["over-budget", { groq: [say("x")] }, { monthlyNanoUsd: 0, prepaidNanoUsd: 0, isSuspended: false }],
  ] as const)("is written offline when models are of no use: %s", async (offlineReason, calls, system) => {
    const terms = "monthlyNanoUsd" in system ? { system } : {};
    const { runTask } = setUp(calls, { terms });
    const result = await runTask(double, { count: 4 }, scope());
    expect(result).toMatchObject({ output: { doubled: 8 }, source: "offline", offlineReason });
  });

  it("charges the user it is for, and the server where there is none", async () => {
    const { runTask, entries } = setUp({ groq: [say('{"doubled":8}')] });
    await runTask(double, { count: 4 }, { ...scope(), userId: "ada", conversationId: "c", personaId: "p" });
    await runTask(double, { count: 4 }, { ...scope(), arm: { name: "chains/fast", order: ["groq"] } });
    expect(entries).toMatchObject([
      { accountId: "ada", conversationId: "c", personaId: "p", task: "double" },
      { accountId: "system", arm: "chains/fast" },
    ]);
  });

  it("ends with an error for a scope that is aborted meanwhile", async () => {
    const { runTask, clock } = setUp({ groq: [{ end: "hang" }] });
    const leaving = new AbortController();
    const running = runTask(double, { count: 4 }, scope(leaving.signal));
    await clock.advance(0);
    leaving.abort();
    await expect(running).rejects.toBeInstanceOf(TaskAbortedError);
  });
});

describe("a task of plain text", () => {
  const listen = () => {
    const texts: string[] = [];
    return { texts, scope: { ...scope(), onDelta: (text: string) => void texts.push(text) } };
  };

  it("is streamed to whoever listens, and asks for no schema", async () => {
    const { runTask, models } = setUp({ groq: [say("Hello, ", "Ada.")] });
    const heard = listen();
    const result = await runTask(greet, { name: "Ada" }, heard.scope);
    expect(result).toMatchObject({ output: { text: "Hello, Ada." }, source: "model" });
    expect(heard.texts).toEqual(["Hello, ", "Ada."]);
    expect(models.get("groq")?.requests).toMatchObject([{ output: undefined }]);
  });

  it("keeps what a broken stream has delivered, marked, and asks nobody else", async () => {
    const { runTask, models } = setUp({ groq: [breakOff("Hello, A")], mistral: [say("No.")] });
    const heard = listen();
    const result = await runTask(greet, { name: "Ada" }, heard.scope);
    expect(result).toMatchObject({ output: { text: "Hello, A" }, source: "model", truncated: true });
    expect(models.get("mistral")?.requests).toHaveLength(0);
  });

  it("keeps a text that reached the limit of tokens, marked", async () => {
    const { runTask } = setUp({ groq: [cutOff("Hello")] });
    expect(await runTask(greet, { name: "Ada" }, scope())).toMatchObject({
      output: { text: "Hello" },
      truncated: true,
    });
  });

  it("keeps what was said before a filter stopped it, marked", async () => {
    const { runTask } = setUp({ groq: [{ texts: ["Hello"], end: { stop: "refused", usage } }] });
    const heard = listen();
    expect(await runTask(greet, { name: "Ada" }, heard.scope)).toMatchObject({
      output: { text: "Hello" },
      truncated: true,
    });
  });

  it("is no refusal's words: what all models said instead of an answer is none", async () => {
    const { runTask } = setUp({ groq: [{ texts: ["I will not."], end: { stop: "refused", usage } }] });
    expect(await runTask(greet, { name: "Ada" }, scope())).toMatchObject({
      output: { text: "Hello, Ada." },
      offlineReason: "refused",
    });
  });

  it("goes on to the next model while nothing was delivered", async () => {
    const { runTask } = setUp({ groq: [breakOff("")], mistral: [say("Hello.")] });
    const heard = listen();
    expect(await runTask(greet, { name: "Ada" }, heard.scope)).toMatchObject({ provider: "mistral" });
    expect(heard.texts).toEqual(["Hello."]);
  });
});
