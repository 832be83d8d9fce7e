import { describe, expect, it } from "vitest";
import type { LanguageModel } from "../model.ts";
import { ProviderError, type ProviderFault } from "../providers/provider-error.ts";
import { askChain, ChainFailedError, type SwitchReason } from "./ask-chain.ts";
import { createScriptedModel, type ScriptedCall, toRequest } from "./scripted-model.fixture.ts";

const fail = (fault: ProviderFault): ScriptedCall => ({ end: new ProviderError("v", fault) });
const say = (...texts: string[]): ScriptedCall => ({ texts });
/** The targets are models themselves. */
const open = (model: LanguageModel) => ({ model, request: toRequest() });
const refuse: ScriptedCall = { end: { stop: "refused" } };

function toChain(...calls: ScriptedCall[]) {
  const models = calls.map((call, at) => createScriptedModel(`v${at}`, call));
  const switches: [string, SwitchReason][] = [];
  const texts: string[] = [];
  return {
    models,
    texts,
    switches,
    generate: async () =>
      await askChain(models, {
        open,
        onSwitch: ({ provider }, reason) => switches.push([provider, reason]),
      }),
    stream: async () =>
      await askChain(models, {
        open,
        onText: (text) => texts.push(text),
        onSwitch: ({ provider }, reason) => switches.push([provider, reason]),
      }),
  };
}

const asked = ({ models }: ReturnType<typeof toChain>) => models.map(({ requests }) => requests.length);

describe.each(["generate", "stream"] as const)("a chain of models, by %s", (way) => {
  it("answers with the first, and asks no other", async () => {
    const chain = toChain(say("Yes."), say("No."));
    expect(await chain[way]()).toMatchObject({ reply: { text: "Yes." }, target: { provider: "v0" } });
    expect(asked(chain)).toEqual([1, 0]);
  });

  it.each(["auth", "bad-request", "quota", "overloaded", "malformed", "timeout", "left-alone"] as const)(
    "goes on to the next after %s, in order",
    async (fault) => {
      const chain = toChain(fail(fault), fail("server"), say("Yes."));
      expect(await chain[way]()).toMatchObject({ reply: { text: "Yes." }, target: { provider: "v2" } });
      expect(chain.switches).toMatchObject([
        ["v0", { fault }],
        ["v1", { fault: "server" }],
      ]);
    },
  );

  it("goes on after a refusal, since another model may be less restrictive", async () => {
    const chain = toChain(refuse, say("Yes."));
    expect(await chain[way]()).toMatchObject({ reply: { text: "Yes.", stop: "complete" } });
    expect(chain.switches).toEqual([["v0", "refused"]]);
  });

  it("is a refusal when nobody does better", async () => {
    const chain = toChain(refuse, fail("server"), refuse);
    expect(await chain[way]()).toMatchObject({ reply: { stop: "refused" }, target: { provider: "v0" } });
  });

  it("fails when nobody answers, and says why, one by one", async () => {
    const chain = toChain(fail("auth"), fail("timeout"));
    const error: unknown = await chain[way]().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ChainFailedError);
    expect(error).toMatchObject({ reasons: [{ fault: "auth" }, { fault: "timeout" }] });
    await expect(toChain()[way]()).rejects.toThrow("the chain is empty");
  });

  it("asks nobody else once aborted", async () => {
    const chain = toChain(fail("aborted"), say("Yes."));
    await expect(chain[way]()).rejects.toMatchObject({ fault: "aborted" });
    expect(asked(chain)).toEqual([1, 0]);
  });
});

describe("a streamed answer", () => {
  it("is delivered as it comes, from one model alone", async () => {
    const chain = toChain(fail("server"), say("Once ", "upon"));
    expect(await chain.stream()).toMatchObject({ reply: { text: "Once upon", stop: "complete" } });
    expect(chain.texts).toEqual(["Once ", "upon"]);
  });

  it("that breaks off after its first words stays as it is, marked truncated", async () => {
    const chain = toChain({ ...fail("interrupted"), texts: ["Once "] }, say("Never."));
    expect(await chain.stream()).toMatchObject({
      reply: { text: "Once ", stop: "truncated", usage: undefined },
      target: { provider: "v0" },
    });
    expect(asked(chain)).toEqual([1, 0]);
    expect(chain.texts).toEqual(["Once "]);
  });

  it("that is refused after its first words is a refusal, and nobody else is asked", async () => {
    const chain = toChain({ ...refuse, texts: ["Well, "] }, say("Never."));
    expect(await chain.stream()).toMatchObject({ reply: { stop: "refused" }, target: { provider: "v0" } });
    expect(asked(chain)).toEqual([1, 0]);
  });

  const abortedAfterWords = (isDropped: boolean) => {
    const { models } = toChain({ ...fail("aborted"), texts: ["Once "] });
    const dropping = new AbortController();
    return askChain(models, {
      open: (model) => ({ model, request: toRequest(dropping.signal) }),
      onText: () => isDropped && dropping.abort(),
    });
  };

  it("that whoever asked aborts after its first words is aborted", async () => {
    await expect(abortedAfterWords(true)).rejects.toMatchObject({ fault: "aborted" });
  });

  it("that is aborted after its first words because time is over keeps what was delivered", async () => {
    expect((await abortedAfterWords(false)).reply).toMatchObject({ text: "Once ", stop: "truncated" });
  });
});
