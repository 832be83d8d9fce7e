import { getEventListeners } from "node:events";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ModelUsage } from "../model.ts";
import { ProviderError, type ProviderFault } from "../providers/provider-error.ts";
import { toPlainPrompt } from "../task.ts";
import { ChainFailedError } from "./ask-chain.ts";
import { createTestGateway } from "./gateway.fixture.ts";
import type { Question } from "./gateway.ts";
import type { ScriptedCall } from "./scripted-model.fixture.ts";
import { Tally } from "./tally.ts";

const usage: ModelUsage = {
  uncachedInputTokens: 10,
  cachedInputTokens: 0,
  cacheWriteTokens: { "5m": 0, "1h": 0 },
  outputTokens: 5,
  thinkingTokens: 0,
};
const say = (text: string): ScriptedCall => ({ texts: [text], end: { usage } });
const fail = (fault: ProviderFault): ScriptedCall => ({ end: new ProviderError("v", fault) });
const refuse: ScriptedCall = { end: { stop: "refused", usage } };

const toQuestion = (more: Partial<Question> = {}): Question => ({
  purpose: { task: "chat", payer: { accountId: "ada" } },
  prompt: toPlainPrompt("Be brief.", "Hm?"),
  signal: new AbortController().signal,
  tally: new Tally(),
  ...more,
});

// The breaker's library reads the system's clock.
beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"] }));
afterEach(() => void vi.useRealTimers());

describe("the gateway", () => {
  it("asks the first of the chain, with what that model takes and no more", async () => {
    const { gateway, models } = createTestGateway({ groq: [say("Yes.")], mistral: [say("No.")] });
    const { reply, target } = await gateway.ask(toQuestion());
    expect([reply.text, target.provider]).toEqual(["Yes.", "groq"]);
    const [request] = models.get("groq")?.requests ?? [];
    expect(request).toMatchObject({ maxOutputTokens: 1_000, temperature: 0.7, effort: undefined });
    expect(models.get("mistral")?.requests).toHaveLength(0);
  });

  it("leaves nothing behind at the signal of whoever asks, which may live long", async () => {
    const { gateway } = createTestGateway({ groq: [say("Yes."), fail("auth")] });
    const { signal } = new AbortController();
    await gateway.ask(toQuestion({ signal }));
    await expect(gateway.ask(toQuestion({ signal }))).rejects.toThrow(ChainFailedError);
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  it.each([
    ["at once", undefined],
    ["as a stream", () => undefined],
  ] as const)(
    "asks no vendor when the store was slower than the question may take, %s",
    async (_, onText) => {
      const { gateway, clock, purses, models, entries } = createTestGateway(
        { groq: [say("Yes.")] },
        { limits: { askMs: 5_000 } },
      );
      const take = purses.take.bind(purses);
      purses.take = async (...taken) => {
        await new Promise<void>((resolve) => clock.after(6_000, resolve));
        return await take(...taken);
      };
      const asked = gateway.ask(toQuestion({ onText })).catch((error: unknown) => error);
      for (let second = 0; second < 20; second++) await clock.advance(1_000);
      expect(await asked).toBeInstanceOf(ChainFailedError);
      expect([models.get("groq")?.requests.length, entries]).toEqual([0, []]);
    },
  );

  it("hands on errors that are no provider's", async () => {
    const { gateway, models } = createTestGateway({ groq: [say("Yes.")] });
    const onText = (): void => {
      throw new RangeError("a listener's");
    };
    await expect(gateway.ask(toQuestion({ onText }))).rejects.toThrow(RangeError);
    vi.spyOn(models.get("groq")!, "generate").mockRejectedValue(new TypeError("an adapter's"));
    await expect(gateway.ask(toQuestion())).rejects.toThrow(TypeError);
  });

  it("goes on after a failure, and books only what was paid, to whom it was paid", async () => {
    const { gateway, entries, told } = createTestGateway({ groq: [fail("auth")], mistral: [say("Yes.")] });
    const tally = new Tally();
    expect((await gateway.ask(toQuestion({ tally }))).target.provider).toBe("mistral");
    expect(entries).toMatchObject([{ provider: "mistral", accountId: "ada", costNanoUsd: 150_000 }]);
    expect(tally).toMatchObject({ attempts: 2, costNanoUsd: 150_000 });
    expect(told).toEqual(["chat: groq auth"]);
  });

  it("pays for a refusal and asks whoever refuses less readily next", async () => {
    const { gateway, entries } = createTestGateway({
      groq: [refuse],
      mistral: [say("M.")],
      together: [say("T.")],
    });
    expect((await gateway.ask(toQuestion())).reply.text).toBe("T.");
    expect(entries.map(({ provider, outcome }) => [provider, outcome])).toEqual([
      ["groq", "refused"],
      ["together", "complete"],
    ]);
  });

  it("tries what may pass again before it goes on", async () => {
    const { gateway, models, clock } = createTestGateway({ groq: [fail("overloaded"), say("Yes.")] });
    const asked = gateway.ask(toQuestion());
    await clock.advance(0);
    await clock.advance(0);
    expect((await asked).reply.text).toBe("Yes.");
    expect(models.get("groq")?.requests).toHaveLength(2);
  });

  it("does not wait a second time for who kept it waiting", async () => {
    const { gateway, models, clock, entries } = createTestGateway({
      groq: [{ end: "hang" }],
      mistral: [say("Yes.")],
    });
    const asked = gateway.ask(toQuestion());
    await clock.advance(0);
    await clock.advance(60_000);
    expect((await asked).target.provider).toBe("mistral");
    expect(models.get("groq")?.requests).toHaveLength(1);
    expect(entries.map(({ provider, isEstimate }) => [provider, isEstimate])).toEqual([
      ["groq", true],
      ["mistral", false],
    ]);
  });

  it("skips a model that whoever pays cannot afford, and takes a cheaper one", async () => {
    const terms = { ada: { monthlyNanoUsd: 5_000_000, prepaidNanoUsd: 0, isSuspended: false } };
    const { gateway, told, models } = createTestGateway(
      { together: [say("T.")], groq: [say("G.")] },
      { terms },
    );
    expect((await gateway.ask(toQuestion())).reply.text).toBe("G.");
    expect(told).toEqual(["chat: together over-budget"]);
    expect(models.get("together")?.requests).toHaveLength(0);
  });

  it("says of all why none answered", async () => {
    const { gateway } = createTestGateway({ groq: [fail("quota")], mistral: [fail("too-large")] });
    const failure = await gateway.ask(toQuestion()).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ChainFailedError);
    expect((failure as ChainFailedError).reasons.map(({ fault }) => fault)).toEqual(["quota", "too-large"]);
  });

  it("has no answer where no provider has a key", async () => {
    await expect(createTestGateway({}).gateway.ask(toQuestion())).rejects.toMatchObject({ reasons: [] });
  });

  it("leaves a model out that has no price yet", async () => {
    const { gateway, models, clock } = createTestGateway({ groq: [say("Yes.")] });
    await clock.advance(-3 * 365 * 86_400_000);
    await expect(gateway.ask(toQuestion())).rejects.toBeInstanceOf(ChainFailedError);
    expect(models.get("groq")?.requests).toHaveLength(0);
  });

  it("gives up a question that takes too long in all, as failed and not as aborted", async () => {
    const { gateway, clock } = createTestGateway({ groq: [{ end: "hang" }] }, { limits: { askMs: 5_000 } });
    const asked = gateway.ask(toQuestion()).catch((error: unknown) => error);
    await clock.advance(0);
    await clock.advance(5_000);
    expect(await asked).toBeInstanceOf(ChainFailedError);
  });

  it("asks nobody any more when the time for a question is over, and blames nobody for it", async () => {
    const { gateway, clock, models } = createTestGateway(
      { groq: [{ end: "hang" }], mistral: [say("Yes.")] },
      { limits: { askMs: 5_000 } },
    );
    for (let question = 0; question < 10; question++) {
      const asked = gateway.ask(toQuestion()).catch((error: unknown) => error);
      await clock.advance(0);
      await clock.advance(5_000);
      expect(await asked).toBeInstanceOf(ChainFailedError);
    }
    expect(models.get("mistral")?.requests).toHaveLength(0);
    expect(gateway.breakers().get("groq")).toBe("closed");
  });

  it("keeps what was delivered when the time for a question is over", async () => {
    const { gateway, clock } = createTestGateway(
      { groq: [{ texts: ["Once "], end: "hang" }] },
      { limits: { askMs: 5_000 } },
    );
    const heard: string[] = [];
    const asked = gateway.ask(toQuestion({ onText: (text) => heard.push(text) }));
    await clock.advance(0);
    await clock.advance(5_000);
    expect((await asked).reply).toMatchObject({ text: "Once ", stop: "truncated" });
    expect(heard).toEqual(["Once "]);
  });

  it("ends at once when the question is dropped", async () => {
    const { gateway, clock, models } = createTestGateway({ groq: [{ end: "hang" }], mistral: [say("Yes.")] });
    const dropping = new AbortController();
    const asked = gateway.ask(toQuestion({ signal: dropping.signal })).catch((error: unknown) => error);
    await clock.advance(0);
    dropping.abort();
    expect(await asked).toMatchObject({ fault: "aborted" });
    expect(models.get("mistral")?.requests).toHaveLength(0);
  });

  it("asks the model that is to mend its answer first, and an experiment's order before all others", async () => {
    const { gateway } = createTestGateway({ groq: [say("G.")], mistral: [say("M.")], together: [say("T.")] });
    const { target } = await gateway.ask(toQuestion({ trial: ["together", "groq"] }));
    expect(target.provider).toBe("together");
    expect((await gateway.ask(toQuestion({ first: target }))).target.provider).toBe("together");
    expect((await gateway.ask(toQuestion({ trial: "censorship" }))).target.provider).toBe("together");
  });

  it("leaves a broken provider alone, and comes back to it when a trial of its own succeeds", async () => {
    const broken = Array.from({ length: 5 }, () => fail("auth"));
    const { gateway, clock, models, told, entries } = createTestGateway({
      groq: [...broken, fail("auth"), say("yes"), say("G.")],
      mistral: [say("M.")],
    });
    const provider = async () => (await gateway.ask(toQuestion())).target.provider;
    for (let call = 0; call < 6; call++) expect(await provider()).toBe("mistral");
    expect(models.get("groq")?.requests).toHaveLength(5);
    expect(gateway.breakers().get("groq")).toBe("open");
    const pass = async (ms: number) => {
      vi.advanceTimersByTime(ms);
      await clock.advance(ms);
    };
    await pass(30_000);
    expect(gateway.breakers().get("groq")).toBe("open");
    expect(await provider()).toBe("mistral");
    await pass(30_000);
    expect(gateway.breakers().get("groq")).toBe("closed");
    expect(await provider()).toBe("groq");
    expect(told.filter((line) => line.includes(" is "))).toEqual([
      "groq is open",
      "groq is half-open",
      "groq is open",
      "groq is half-open",
      "groq is closed",
    ]);
    expect(entries.filter(({ task }) => task === "provider-trial")).toMatchObject([{ accountId: "system" }]);
    gateway.close();
  });

  it("lets somebody else's call be the trial where the server has no money for one", async () => {
    const broken = Array.from({ length: 5 }, () => fail("auth"));
    const { gateway, clock, models } = createTestGateway(
      { groq: [...broken, say("G.")], mistral: [say("M.")] },
      { terms: { system: { monthlyNanoUsd: 0, prepaidNanoUsd: 0, isSuspended: true } } },
    );
    const provider = async () => (await gateway.ask(toQuestion())).target.provider;
    for (let call = 0; call < 6; call++) expect(await provider()).toBe("mistral");
    vi.advanceTimersByTime(31_000);
    await clock.advance(31_000);
    expect(models.get("groq")?.requests).toHaveLength(5);
    expect(await provider()).toBe("groq");
    expect(gateway.breakers().get("groq")).toBe("closed");
    gateway.close();
  });

  it("counts no trial that did not begin, as somebody else's call is the trial", async () => {
    const broken = Array.from({ length: 5 }, () => fail("auth"));
    const { gateway, clock, models, metered } = createTestGateway({
      groq: [...broken, { end: "hang" }],
      mistral: [say("M.")],
    });
    for (let call = 0; call < 5; call++) await gateway.ask(toQuestion());
    vi.advanceTimersByTime(30_001);
    const leaving = new AbortController();
    const hanging = gateway.ask(toQuestion({ signal: leaving.signal }));
    await clock.advance(0);
    const before = metered.length;
    await clock.advance(30_001);
    expect(models.get("groq")?.requests).toHaveLength(6);
    expect(metered.slice(before)).toEqual([]);
    leaving.abort();
    await expect(hanging).rejects.toMatchObject({ fault: "aborted" });
    gateway.close();
  });

  it("tries nobody any more once it is closed", async () => {
    const { gateway, clock, models } = createTestGateway({ groq: [fail("auth")] });
    for (let call = 0; call < 5; call++) await gateway.ask(toQuestion()).catch(() => undefined);
    gateway.close();
    vi.advanceTimersByTime(60_000);
    await clock.advance(60_000);
    expect(models.get("groq")?.requests).toHaveLength(5);
  });
});
