import { Registry } from "prom-client";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import * as z from "zod";
import { readCatalogue } from "#ai/catalogue/read-catalogue.ts";
import { systemClock } from "#ai/clock.ts";
import { toDay, toPurseId } from "#ai/gateway/ports.ts";
import { USUAL_RETRY } from "#ai/gateway/with-retry.ts";
import { type TimeLimits, USUAL_TIME_LIMITS } from "#ai/gateway/with-time-limits.ts";
import type { ModelUsage } from "#ai/model.ts";
import { createAnthropicModel } from "#ai/providers/anthropic.ts";
import { messagesWire } from "#ai/providers/contract/anthropic-wire.ts";
import { groqWire } from "#ai/providers/contract/groq-wire.ts";
import type { Script } from "#ai/providers/contract/perform-script.ts";
import { type Behaviour, type ServedVendor, serveVendor } from "#ai/providers/contract/serve-vendor.ts";
import type { WireAnswer } from "#ai/providers/contract/vendor-wire.ts";
import { createGroqModel } from "#ai/providers/groq.ts";
import { createRng } from "#ai/rng.ts";
import { defineTask, type TaskResult, toPlainPrompt } from "#ai/task.ts";
import type { Store } from "#data/collection.ts";
import { openStore } from "#data/open.ts";
import { createLog } from "../log.ts";
import { openRepositories, type Repositories } from "../open-repositories.ts";
import { createModelMetrics } from "./model-metrics.ts";
import { createTaskRunner } from "./create-task-runner.ts";

/**
 * A thousand tasks whose first provider fails in one way after the other: through the real SDKs, the whole gateway and
 * the real embedded store, to two vendors on loopback that keep their own count.
 */
const TASKS_PER_FAULT = 46;

const SECRETS = ["gsk-first-secret", "sk-second-secret"] as const;
const PRIVATE = "the person's own words";

const usage = (output: number): ModelUsage => ({
  uncachedInputTokens: 211,
  cachedInputTokens: 32,
  cacheWriteTokens: { "5m": 0, "1h": 0 },
  outputTokens: output,
  thinkingTokens: 3,
});
const ANSWER: WireAnswer = { texts: ["Frogs ", "like ", "rain."], stop: "complete", usage: usage(17) };
const WHOLE = ANSWER.texts.join("");
const STARTED = groqWire.stream({ ...ANSWER, texts: ["Frogs "] }).slice(0, 2);

const script = (played: Script): Behaviour => ({ type: "script", script: played });
const answer = (change: Partial<WireAnswer>): Behaviour => ({
  type: "answer",
  answer: { ...ANSWER, ...change },
});
const status = (code: number, headers?: Record<string, string>, kind?: "quota"): Behaviour =>
  script({ type: "reply", response: { ...groqWire.error(code, kind), ...(headers && { headers }) } });
const stream = (frames: readonly string[], ending: "end" | "reset" | "stall"): Behaviour =>
  script({ type: "stream", frames, ending });

interface Fault {
  readonly name: string;
  readonly behaves: Behaviour | "refuses connections";
  /** Whose answer it is in the end. */
  readonly by: "groq" | "anthropic";
  readonly text: string;
  readonly truncated?: boolean;
  /** Shorter than usual, where a vendor is to be waited for in vain. */
  readonly time?: Partial<TimeLimits>;
  /** Entries a task leaves in the books beside the one of the call that was answered with usage. */
  readonly estimates: number;
}

const second = { by: "anthropic", text: WHOLE, estimates: 0 } as const;
const broken = { by: "groq", text: "Frogs ", truncated: true, estimates: 1 } as const;

const FAULTS: readonly Fault[] = [
  { name: "400", behaves: status(400), ...second },
  { name: "401", behaves: status(401), ...second },
  { name: "402", behaves: status(402), ...second },
  { name: "404", behaves: status(404), ...second },
  { name: "413", behaves: status(413), ...second },
  { name: "429 without Retry-After", behaves: status(429), ...second },
  { name: "429 with Retry-After", behaves: status(429, { "retry-after": "0.01" }), ...second },
  { name: "429, the quota being used up", behaves: status(429, {}, "quota"), ...second },
  { name: "500", behaves: status(500), ...second },
  { name: "503", behaves: status(503), ...second },
  { name: "529", behaves: status(529), ...second },
  { name: "a refused connection", behaves: "refuses connections", ...second },
  { name: "a reset before the first token", behaves: stream([], "reset"), ...second },
  { name: "a reset in mid-stream", behaves: stream(STARTED, "reset"), ...broken },
  { name: "a clean early end", behaves: stream(STARTED, "end"), ...broken },
  { name: "a stream that stalls", behaves: stream(STARTED, "stall"), time: { idleMs: 200 }, ...broken },
  {
    name: "a stream that never begins",
    behaves: stream([], "stall"),
    time: { firstMs: 1_500 },
    ...second,
    estimates: 1,
  },
  {
    name: "an error event in mid-stream",
    behaves: stream([...STARTED, groqWire.errorFrame()], "end"),
    ...broken,
  },
  { name: "malformed JSON", behaves: stream(["data: {]\n\n"], "end"), ...second, estimates: 3 },
  { name: "missing usage", behaves: answer({ usage: undefined }), by: "groq", text: WHOLE, estimates: 1 },
  { name: "a refusal", behaves: answer({ texts: [], stop: "refused" }), ...second },
  {
    name: "a cut at the token limit",
    behaves: answer({ stop: "truncated" }),
    by: "groq",
    text: WHOLE,
    truncated: true,
    estimates: 0,
  },
];

const speak = defineTask({
  name: "speak",
  input: z.object({ about: z.string() }),
  output: z.object({ text: z.string().min(1) }),
  fromText: (text) => ({ text }),
  prompt: ({ about }) => toPlainPrompt("You are a frog.", about),
  writeOffline: () => ({ text: "offline" }),
});

describe(`${FAULTS.length * TASKS_PER_FAULT} tasks whose first provider fails`, () => {
  let store: Store;
  let repositories: Repositories;
  const logged: string[] = [];
  const accounts = {
    terms: () => Promise.resolve({ monthlyNanoUsd: 1e12, prepaidNanoUsd: 0, isSuspended: false }),
  };

  beforeAll(async () => {
    store = await openStore({ dataDir: ":memory:", dataKey: Buffer.alloc(32, 3) });
    repositories = await openRepositories(store);
  });
  afterAll(async () => await store.close());

  async function openHouse({ behaves, time }: Fault) {
    const first = await serveVendor({
      wire: groqWire,
      behave: () => (behaves === "refuses connections" ? status(500) : behaves),
    });
    const next = await serveVendor({ wire: messagesWire, behave: () => answer({}) });
    onTestFinished(async () => void (await Promise.all([first.stop(), next.stop()])));
    if (behaves === "refuses connections") await first.stop();
    const models = {
      groq: createGroqModel({
        model: "openai/gpt-oss-120b",
        readKey: () => SECRETS[0],
        baseUrl: first.baseUrl,
      }),
      anthropic: createAnthropicModel({
        model: "claude-haiku-5-5",
        readKey: () => SECRETS[1],
        baseUrl: next.baseUrl,
      }),
    };
    const runner = createTaskRunner({
      models: {
        catalogue: readCatalogue(),
        available: new Set(["groq", "anthropic"] as const),
        access: new Map(),
        get: ({ provider }) => models[provider as keyof typeof models],
      },
      order: undefined,
      ledger: repositories.ledger,
      purses: repositories.purses,
      accounts,
      redisUrl: undefined,
      metrics: createModelMetrics(new Registry(), ["groq", "anthropic"]),
      clock: systemClock,
      rng: createRng("faults"),
      log: createLog("trace", { write: (line) => void logged.push(line) }),
      limits: {
        retry: { ...USUAL_RETRY, firstWaitMs: 1, longestWaitMs: 4 },
        time: { ...USUAL_TIME_LIMITS, ...time },
        // Every call is to meet the fault: that a provider is left alone is tested elsewhere.
        breaker: { failures: Number.MAX_SAFE_INTEGER, pauseMs: 60_000 },
      },
    });
    return { runner, vendors: [first, next] as const };
  }

  it.each(FAULTS.map((fault) => [fault.name, fault] as const))(
    "%s: all are answered, once, and the books agree with the vendors'",
    async (name, fault) => {
      const { runner, vendors } = await openHouse(fault);
      const userId = `user of ${name}`;
      const tasks = Array.from({ length: TASKS_PER_FAULT }, async (_, index) => {
        const heard: string[] = [];
        const result = await runner.runTask(
          speak,
          { about: `${PRIVATE}, number ${index}` },
          {
            userId,
            conversationId: `${name} ${index}`,
            signal: new AbortController().signal,
            rng: createRng("task"),
            clock: systemClock,
            onDelta: (text) => heard.push(text),
          },
        );
        expect(heard.join("")).toBe(fault.text);
        return result;
      });
      const results = await Promise.all(tasks);
      await runner.close();
      for (const result of results) expectAsTold(result, fault);
      await expectBalanced(repositories, userId, vendors, fault);
    },
  );

  it("left no key and nothing that was said in the logs", () => {
    expect(logged.length).toBeGreaterThan(0);
    const text = logged.join("\n");
    for (const secret of [...SECRETS, PRIVATE, "Frogs", "You are a frog"]) expect(text).not.toContain(secret);
  });
});

function expectAsTold(result: TaskResult<{ text: string }>, { by, text, truncated }: Fault): void {
  expect(result).toMatchObject({ source: "model", provider: by, output: { text } });
  expect(result.truncated ?? false).toBe(truncated ?? false);
}

/** One user's entries against what the vendors told of: usage to the last token, and the budget to the nano-dollar. */
async function expectBalanced(
  { ledger, purses }: Repositories,
  userId: string,
  vendors: readonly ServedVendor[],
  { estimates }: Fault,
): Promise<void> {
  const entries = await Array.fromAsync(ledger.iterateByAccount(userId));
  const told = entries.filter(({ isEstimate }) => !isEstimate);
  const bills = vendors.map((vendor) => vendor.bill());
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  expect(told).toHaveLength(sum(bills.map(({ calls }) => calls)));
  expect(
    sum(told.map((entry) => entry.uncachedInputTokens + entry.cachedInputTokens + entry.cacheWriteTokens)),
  ).toBe(sum(bills.map(({ promptTokens }) => promptTokens)));
  expect(sum(told.map(({ outputTokens }) => outputTokens))).toBe(
    sum(bills.map(({ outputTokens }) => outputTokens)),
  );
  // Each task has a conversation of its own: no call of it is in the books twice.
  for (const [, ofTask] of Map.groupBy(entries, ({ conversationId }) => conversationId)) {
    expect(ofTask.filter(({ isEstimate }) => isEstimate)).toHaveLength(estimates);
    expect(
      ofTask.filter(({ outcome, isEstimate }) => outcome === "complete" && !isEstimate).length,
    ).toBeLessThanOrEqual(1);
  }
  const month = toDay(Date.now()).slice(0, 7);
  const purse = await purses.get(toPurseId.month(userId, month));
  expect(purse?.heldNanoUsd).toBe(sum(entries.map(({ costNanoUsd }) => costNanoUsd)));
}
