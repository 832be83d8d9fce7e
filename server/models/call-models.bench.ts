import { setTimeout as pause } from "node:timers/promises";
import { Registry } from "prom-client";
import * as z from "zod";
import { systemClock } from "#ai/clock.ts";
import { readCatalogue } from "#ai/catalogue/read-catalogue.ts";
import type { LanguageModel } from "#ai/model.ts";
import { toDay } from "#ai/gateway/ports.ts";
import { createOpenAiModel, openOpenAiClient } from "#ai/providers/openai.ts";
import { toOutputSchema } from "#ai/providers/to-output-schema.ts";
import { createRng } from "#ai/rng.ts";
import { defineTask, toPlainPrompt } from "#ai/task.ts";
import { serveCalls } from "#loadtest/process/serve-calls.ts";
import { openStore } from "#data/open.ts";
import type { Ledger } from "#data/repositories/ledger.ts";
import { createLog } from "../log.ts";
import { openRepositories } from "../open-repositories.ts";
import { createModelMetrics } from "./model-metrics.ts";
import { createTaskRunner, type TaskRunner } from "./create-task-runner.ts";

/** A process that calls a model on loopback: with the vendor's SDK alone, or as a task through the whole gateway. */

export interface CallerSetup {
  readonly baseUrl: string;
  /** Of the store, for the books and budgets. */
  readonly dataDir: string;
}

export interface CallRun {
  readonly arm: "bare" | "gateway";
  readonly calls: number;
  /** Open loop: a call begins every so often, whether those before have ended or not. 0: `width` at a time. */
  readonly everyMs: number;
  readonly width: number;
}

export interface CallSample {
  readonly cpuUsPerCall: number;
  readonly perSecond: number;
  /** What a call took beside its call to the vendor. */
  readonly ownMs: readonly number[];
  readonly wholeMs: readonly number[];
}

/** Over all calls. */
export interface Booked {
  readonly calls: number;
  readonly promptTokens: number;
  readonly outputTokens: number;
}

/** Who take turns at calling. */
const USERS = 500;
const LEAD_CALLS = 300;
const MODEL = "gpt-6-luna";
const RULES = "You write one line of a chat between small creatures. ".repeat(30);
const Line = z.object({ text: z.string(), mood: z.enum(["glad", "sad"]) });

const task = defineTask({
  name: "bench-line",
  input: z.object({ about: z.string() }),
  output: Line,
  prompt: ({ about }) => toPlainPrompt(RULES, about),
  writeOffline: () => ({ text: "Hm.", mood: "glad" as const }),
});

const SCHEMA = { ...toOutputSchema(task.name, Line), strict: true };

interface Arm {
  call(index: number): Promise<number>;
}

let arms: Record<CallRun["arm"], Arm>;
let close: () => Promise<void>;
let books: Pick<Ledger, "sumDay">;
let runner: TaskRunner;

async function open({ baseUrl, dataDir }: CallerSetup): Promise<void> {
  const catalogue = readCatalogue();
  const log = createLog("silent");
  const store = await openStore({ dataDir, dataKey: Buffer.alloc(32, 7), log });
  const { ledger, purses } = await openRepositories(store);
  books = ledger;
  const options = { readKey: () => "a key", baseUrl: `${baseUrl}/v1` };
  const stopwatch = createStopwatch();
  const model = withStopwatch(createOpenAiModel({ model: MODEL, ...options }), stopwatch);
  runner = createTaskRunner({
    models: {
      // The vendor's usual limits would be the limit of the benchmark.
      catalogue: { ...catalogue, limits: () => ({ concurrency: 1_000, requestsPerMinute: 10_000_000 }) },
      available: new Set(["openai"]),
      access: new Map(),
      get: () => model,
    },
    order: undefined,
    ledger,
    purses,
    accounts: {
      terms: async () =>
        await Promise.resolve({ monthlyNanoUsd: 1e15, prepaidNanoUsd: 0, isSuspended: false }),
    },
    redisUrl: undefined,
    metrics: createModelMetrics(new Registry(), ["openai"]),
    clock: systemClock,
    rng: createRng("bench"),
    log,
  });
  // Set up as the gateway has it: what its settings cost is the SDK's.
  const client = openOpenAiClient({ model: MODEL, ...options });
  arms = {
    bare: {
      async call(index) {
        const startedAt = performance.now();
        // The same request as a task sends: only what is around it differs.
        const answer = await client.chat.completions.create(
          {
            model: MODEL,
            messages: [
              { role: "system", content: RULES },
              { role: "user", content: questionOf(index) },
            ],
            max_completion_tokens: 1_200,
            reasoning_effort: "low",
            response_format: { type: "json_schema", json_schema: SCHEMA },
            store: false,
          },
          { signal: new AbortController().signal },
        );
        // Read as in the other arm, so that measuring costs both the same.
        stopwatch.note(questionOf(index), performance.now() - startedAt);
        Line.parse(JSON.parse(answer.choices[0]?.message.content ?? ""));
        return performance.now() - startedAt - stopwatch.takeMs(index);
      },
    },
    gateway: {
      async call(index) {
        const startedAt = performance.now();
        const { signal } = new AbortController();
        const scope = { userId: `user-${index % USERS}`, signal, rng: Math.random, clock: systemClock };
        const { source, offlineReason } = await runner.runTask(task, { about: questionOf(index) }, scope);
        if (source !== "model") throw new Error(`a task was not done by the model: ${offlineReason}`);
        return performance.now() - startedAt - stopwatch.takeMs(index);
      },
    },
  };
  close = async () => {
    await runner.close();
    await store.close();
  };
}

const questionOf = (index: number) => `Say something about ${index}.`;

/** How long calls to the vendor took, by their question. */
function createStopwatch() {
  const taken = new Map<string, number>();
  return {
    note: (question: string, ms: number) => void taken.set(question, ms),
    /** Forgets it as well. */
    takeMs(index: number): number {
      const ms = taken.get(questionOf(index)) ?? Number.NaN;
      taken.delete(questionOf(index));
      return ms;
    },
  };
}

const withStopwatch = (
  inner: LanguageModel,
  { note }: ReturnType<typeof createStopwatch>,
): LanguageModel => ({
  ...inner,
  async generate(request) {
    const startedAt = performance.now();
    const reply = await inner.generate(request);
    note(request.messages[0]?.text ?? "", performance.now() - startedAt);
    return reply;
  },
});

async function run({ arm, calls, everyMs, width }: CallRun): Promise<CallSample> {
  const measured = arms[arm];
  const ownMs: number[] = [];
  const wholeMs: number[] = [];
  const one = async (index: number): Promise<void> => {
    const startedAt = performance.now();
    ownMs.push(await measured.call(index));
    wholeMs.push(performance.now() - startedAt);
  };
  // People are in the middle of their conversations when measuring begins.
  if (everyMs > 0) await openLoop(one, LEAD_CALLS, everyMs);
  ownMs.length = 0;
  wholeMs.length = 0;
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  if (everyMs > 0) await openLoop(one, calls, everyMs);
  else await closedLoop(one, calls, width);
  const { user, system } = process.cpuUsage(cpuBefore);
  return {
    cpuUsPerCall: (user + system) / calls,
    perSecond: calls / ((performance.now() - startedAt) / 1000),
    ownMs,
    wholeMs,
  };
}

/** Begins calls when they are due, however many are under way. */
async function openLoop(
  one: (index: number) => Promise<void>,
  calls: number,
  everyMs: number,
): Promise<void> {
  const startedAt = performance.now();
  const under: Promise<void>[] = [];
  for (let index = 0; index < calls; index++) {
    const waitMs = startedAt + index * everyMs - performance.now();
    if (waitMs > 0) await pause(waitMs);
    under.push(one(index));
  }
  await Promise.all(under);
}

async function closedLoop(
  one: (index: number) => Promise<void>,
  calls: number,
  width: number,
): Promise<void> {
  let next = 0;
  const work = async () => {
    while (next < calls) await one(next++);
  };
  await Promise.all(Array.from({ length: width }, work));
}

/** What stands in the books, against which the vendor's own count is held. */
async function readBooks(): Promise<Booked> {
  const sums = { calls: 0, promptTokens: 0, outputTokens: 0 };
  for (const day of [toDay(Date.now() - 86_400_000), toDay(Date.now())]) {
    for (const sum of await books.sumDay(day, [])) {
      sums.calls += sum.calls;
      sums.promptTokens += sum.uncachedInputTokens;
      sums.outputTokens += sum.outputTokens;
    }
  }
  return sums;
}

const SETTLED_WITHIN_MS = 60_000;

/** Resolves with the books when they hold so many calls: a process that does all it can is some way ahead of them. */
async function settle(calls: number): Promise<Booked> {
  const untilMs = performance.now() + SETTLED_WITHIN_MS;
  for (;;) {
    const booked = await readBooks();
    if (booked.calls >= calls || performance.now() > untilMs) return booked;
    await pause(200);
  }
}

serveCalls({ open, run, settle, close: async () => await close() });
