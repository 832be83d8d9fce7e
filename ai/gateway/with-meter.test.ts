import { describe, expect, it } from "vitest";
import { createFakeClock } from "../fake-clock.ts";
import type { LanguageModel, ModelUsage } from "../model.ts";
import { ProviderError, type ProviderFault } from "../providers/provider-error.ts";
import { createBudgets } from "./budgets.ts";
import { createMemoryAccounts, createMemoryPurses } from "./memory-ports.fixture.ts";
import type { LedgerEntry } from "./ports.ts";
import { createScriptedModel, type ScriptedCall, toRequest } from "./scripted-model.fixture.ts";
import { toTarget } from "./target.fixture.ts";
import { Tally } from "./tally.ts";
import { type MeteredCall, withMeter } from "./with-meter.ts";

/** A dollar a million tokens in, ten out: 1,000 and 10,000 nano-dollars a token. */
const target = toTarget("groq", { input: 1, output: 10 });
const usage: ModelUsage = {
  uncachedInputTokens: 7,
  cachedInputTokens: 0,
  cacheWriteTokens: { "5m": 0, "1h": 0 },
  outputTokens: 3,
  thinkingTokens: 1,
};
/** "Hm?" and what stands around it, as the bound counts them. */
const PROMPT_TOKENS = 19;
/** That, and 10 tokens of output. */
const WORST = PROMPT_TOKENS * 1_000 + 10 * 10_000;

function setUp(call: ScriptedCall, limitNanoUsd = 1e9, isBehind = false) {
  const clock = createFakeClock();
  const purses = createMemoryPurses();
  const entries: LedgerEntry[] = [];
  const calls: MeteredCall[] = [];
  const terms = { monthlyNanoUsd: limitNanoUsd, prepaidNanoUsd: 0, isSuspended: false };
  const budgets = createBudgets({
    purses,
    accounts: createMemoryAccounts({ ada: terms }),
    clock,
    onAlert: () => undefined,
    onError: () => undefined,
  });
  const ledger = { book: (entry: LedgerEntry) => void entries.push(entry), isBehind: () => isBehind };
  const scripted = createScriptedModel("groq", call);
  const tally = new Tally();
  let ids = 0;
  const purpose = { task: "chat", payer: { accountId: "ada", conversationId: "c" }, personaId: "p" };
  const errors: unknown[] = [];
  const metered = withMeter(scripted, target, {
    budgets,
    ledger,
    clock,
    newId: () => `e${ids++}`,
    onCall: (each) => calls.push(each),
    onError: (error) => errors.push(error),
  });
  const model: LanguageModel = {
    ...metered,
    generate: async (request) => await metered.generate({ request, signal: request.signal, purpose, tally }),
    stream: (request) => metered.stream({ request, signal: request.signal, purpose, tally }),
  };
  /** What is left of the month, to the nano-dollar. */
  const spent = async () => {
    await budgets.close();
    return purses.held("month:ada:2026-01");
  };
  return { clock, model, scripted, calls, tally, spent, entries, purses, errors };
}

const ways = [
  ["generate", async (model: ReturnType<typeof setUp>["model"]) => await model.generate(toRequest())],
  [
    "stream",
    async (model: ReturnType<typeof setUp>["model"]) => await Array.fromAsync(model.stream(toRequest())),
  ],
] as const;

describe.each(ways)("a metered call, by %s", (_, call) => {
  it("pays and books what it used", async () => {
    const { model, entries, tally, spent, calls } = setUp({ texts: ["Yes."], end: { usage } });
    await call(model);
    expect(entries).toMatchObject([
      {
        accountId: "ada",
        conversationId: "c",
        personaId: "p",
        month: "2026-01",
        day: "2026-01-01",
        task: "chat",
        provider: "groq",
        outcome: "complete",
        isEstimate: false,
        uncachedInputTokens: 7,
        outputTokens: 3,
        thinkingTokens: 1,
        costNanoUsd: 37_000,
      },
    ]);
    expect(await spent()).toBe(37_000);
    expect(tally).toMatchObject({
      attempts: 1,
      costNanoUsd: 37_000,
      usage: { inputTokens: 7, outputTokens: 3 },
    });
    expect(calls).toMatchObject([{ outcome: "complete", entry: { costNanoUsd: 37_000 } }]);
  });

  it("books a refusal, which costs as well", async () => {
    const { model, entries } = setUp({ texts: [], end: { usage, stop: "refused" } });
    await call(model);
    expect(entries).toMatchObject([{ outcome: "refused", costNanoUsd: 37_000 }]);
  });

  it("books an estimate, not below what was delivered, when no usage came", async () => {
    const { model, entries, spent } = setUp({ texts: ["Yes, ", "yes."] });
    await call(model);
    expect(entries).toMatchObject([
      { isEstimate: true, uncachedInputTokens: PROMPT_TOKENS, outputTokens: 9 },
    ]);
    expect(await spent()).toBe(PROMPT_TOKENS * 1_000 + 9 * 10_000);
  });

  it.each([
    ["missing counts", { ...usage, outputTokens: Number.NaN }],
    ["fractions", { ...usage, uncachedInputTokens: 1.5 }],
    ["less than nothing", { ...usage, cachedInputTokens: -1 }],
  ])("books an estimate when the usage holds %s", async (_name, odd) => {
    const { model, entries, calls } = setUp({ texts: ["Yes."], end: { usage: odd } });
    await call(model);
    expect(entries).toMatchObject([{ isEstimate: true, outputTokens: 4 }]);
    expect(calls).toHaveLength(1);
  });

  it("never books more than was set aside when no usage came", async () => {
    const { model, entries } = setUp({ texts: ["A much longer answer than ten tokens."] }, WORST);
    await call(model);
    expect(entries).toMatchObject([{ isEstimate: true, costNanoUsd: WORST }]);
  });

  it("is not made when its worst case is more than is left", async () => {
    const { model, scripted, entries, tally, spent } = setUp({ texts: ["Yes."] }, WORST - 1);
    await expect(call(model)).rejects.toMatchObject({ fault: "over-budget" });
    expect(scripted.requests).toHaveLength(0);
    expect(entries).toHaveLength(0);
    expect(tally.attempts).toBe(0);
    expect(await spent()).toBe(0);
  });

  it("is made when its worst case is just what is left", async () => {
    const { model, entries } = setUp({ texts: ["Yes."], end: { usage } }, WORST);
    await call(model);
    expect(entries).toHaveLength(1);
  });

  it("is not made when the store cannot say what is left", async () => {
    const { model, scripted, purses, errors } = setUp({ texts: ["Yes."] });
    purses.failNext();
    await expect(call(model)).rejects.toMatchObject({ fault: "no-books" });
    expect(scripted.requests).toHaveLength(0);
    expect(errors).toHaveLength(1);
  });

  it("is not made while too much waits to be booked", async () => {
    const { model, scripted } = setUp({ texts: ["Yes."] }, 1e9, true);
    await expect(call(model)).rejects.toMatchObject({ fault: "no-books" });
    expect(scripted.requests).toHaveLength(0);
  });

  it.each(["bad-request", "auth", "rate-limit", "quota", "overloaded", "server", "unreachable"] as const)(
    "costs nothing when it was refused before any work: %s",
    async (fault: ProviderFault) => {
      const { model, entries, spent, calls, tally } = setUp({ end: new ProviderError("groq", fault) });
      await expect(call(model)).rejects.toMatchObject({ fault });
      expect(entries).toHaveLength(0);
      expect(await spent()).toBe(0);
      expect(calls).toMatchObject([{ outcome: fault, entry: undefined }]);
      expect(tally.attempts).toBe(1);
    },
  );

  it.each(["timeout", "interrupted", "malformed", "aborted"] as const)(
    "is booked once as an estimate when the vendor may have worked: %s",
    async (fault) => {
      const { model, entries } = setUp({ end: new ProviderError("groq", fault) });
      await expect(call(model)).rejects.toMatchObject({ fault });
      expect(entries).toMatchObject([{ outcome: "failed", isEstimate: true, outputTokens: 0 }]);
    },
  );
});

it("a stream that breaks is booked with what it delivered, whatever broke it", async () => {
  const { model, entries } = setUp({ texts: ["One ", "two"], end: new ProviderError("groq", "server") });
  await expect(Array.fromAsync(model.stream(toRequest()))).rejects.toMatchObject({ fault: "server" });
  expect(entries).toMatchObject([{ outcome: "failed", isEstimate: true, outputTokens: 7 }]);
});

it("a stream whose reader leaves is booked with what came so far, and only once", async () => {
  const { model, entries } = setUp({ texts: ["One ", "two"], end: "hang" });
  for await (const event of model.stream(toRequest())) if (event.type === "text") break;
  expect(entries).toMatchObject([{ outcome: "failed", isEstimate: true, outputTokens: 4 }]);
});

it("a reader who leaves at the very end pays what was used", async () => {
  const { model, entries } = setUp({ texts: ["One"], end: { usage } });
  for await (const event of model.stream(toRequest())) if (event.type === "end") break;
  expect(entries).toMatchObject([{ outcome: "complete", isEstimate: false, costNanoUsd: 37_000 }]);
});

it("the vendor is told nothing of what a call is for", async () => {
  const { model, scripted } = setUp({ texts: ["Yes."], end: { usage } });
  const request = toRequest();
  await model.generate(request);
  await Array.fromAsync(model.stream(request));
  expect(scripted.requests).toEqual([request, request]);
});

it("a call that was aborted while money was set aside is not made", async () => {
  const { model, scripted, spent } = setUp({ texts: ["Yes."] });
  const leaving = new AbortController();
  const call = model.generate(toRequest(leaving.signal));
  leaving.abort();
  await expect(call).rejects.toMatchObject({ fault: "aborted" });
  expect(scripted.requests).toHaveLength(0);
  expect(await spent()).toBe(0);
});

it("a call belongs to the month in which it began", async () => {
  const { model, entries, clock } = setUp({ texts: ["Yes."], end: { usage } });
  await clock.advance(31 * 86_400_000 - 1);
  await model.generate(toRequest());
  await clock.advance(1);
  await model.generate(toRequest());
  expect(entries.map(({ month, day }) => [month, day])).toEqual([
    ["2026-01", "2026-01-31"],
    ["2026-02", "2026-02-01"],
  ]);
});
