import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { CacheSpan, ModelRequest } from "../model.ts";
import { chooseMarks } from "./anthropic-messages.ts";
import { createAnthropicModel } from "./anthropic.ts";
import { messageFrame, messagesWire } from "./contract/anthropic-wire.ts";
import { openVendor } from "./contract/open-vendor.ts";
import type { Script } from "./contract/perform-script.ts";
import { describeProvider } from "./contract/provider-rules.ts";

const create = (baseUrl: string, readKey: () => string) =>
  createAnthropicModel({ model: "claude-sonnet-5", readKey, baseUrl });

describeProvider({ ...messagesWire, provider: "anthropic", create });

const answer = { texts: ["Once ", "more."], stop: "complete", usage: undefined } as const;
const whole: Script = { type: "reply", response: messagesWire.reply(answer) };

function ask(change: Partial<ModelRequest> = {}): ModelRequest {
  return {
    system: [],
    messages: [{ role: "user", text: "Hello." }],
    maxOutputTokens: 5,
    signal: new AbortController().signal,
    ...change,
  };
}

async function start(script: Script, readKey = () => "key") {
  const vendor = await openVendor();
  vendor.play(script);
  return { vendor, model: create(vendor.baseUrl, readKey) };
}

async function drain(events: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of events);
}

describe("anthropic: what is asked", () => {
  it("marks what is to be kept, and says no more than it has to", async () => {
    const { vendor, model } = await start(whole);
    await model.generate(
      ask({
        system: [
          { text: "Who.", cache: "1h" },
          { text: "How.", cache: "5m" },
        ],
        temperature: 0.7,
        effort: "low",
        cacheKey: "tales",
      }),
    );
    expect(vendor.received[0]?.path).toBe("/v1/messages");
    expect(vendor.received[0]?.body).toEqual({
      model: "claude-sonnet-5",
      max_tokens: 5,
      system: [
        { type: "text", text: "Who.", cache_control: { type: "ephemeral", ttl: "1h" } },
        { type: "text", text: "\n\nHow.", cache_control: { type: "ephemeral", ttl: "5m" } },
      ],
      messages: [{ role: "user", content: [{ type: "text", text: "Hello." }] }],
      output_config: { effort: "low" },
    });
  });

  it("asks for long answers in one piece as well", async () => {
    const { vendor, model } = await start(whole);
    await model.generate(ask({ maxOutputTokens: 60_000 }));
    expect(vendor.received).toHaveLength(1);
  });

  it("calls a key that cannot be read a matter of the key", async () => {
    const { vendor, model } = await start(whole, () => "");
    await expect(model.generate(ask())).rejects.toMatchObject({ fault: "auth", retryable: false });
    expect(vendor.received).toHaveLength(0);
  });

  const L = "1h";
  const S = "5m";
  const o = undefined;
  it.each<[string, (CacheSpan | undefined)[], (CacheSpan | undefined)[]]>([
    ["as they are while they are few", [L, o, S], [L, o, S]],
    ["short ones before a long one as long", [S, L, S], [L, L, S]],
    ["the last four of one span", [S, S, S, S, S], [o, S, S, S, S]],
    ["the last two of each", [L, L, L, S, S, S], [o, L, L, o, S, S]],
    ["what the other span leaves", [L, S, S, S, S], [L, o, S, S, S]],
  ])("keeps marks: %s", (_, given, kept) => {
    const parts = given.map((cache) => ({ text: "x", ...(cache && { cache }) }));
    expect(chooseMarks(parts)).toEqual(kept);
  });
});

describe("anthropic: what comes back", () => {
  it("takes a context that is full for a truncated answer", async () => {
    const body = messagesWire.reply(answer).body.replace("end_turn", "model_context_window_exceeded");
    const { model } = await start({ type: "reply", response: { status: 200, body } });
    expect(await model.generate(ask())).toMatchObject({ text: "Once more.", stop: "truncated" });
  });

  it("counts what is told at the start alone, and what no span claims", async () => {
    const usage = { input_tokens: 7, cache_read_input_tokens: 3, cache_creation_input_tokens: 9 };
    const message = { model: "m", content: [], usage: { ...usage, cache_creation: null, output_tokens: 1 } };
    const later = { input_tokens: null, cache_read_input_tokens: null, output_tokens: 5 };
    const frames = [
      messageFrame("message_start", { message }),
      messageFrame("something_new"),
      messageFrame("message_delta", { delta: { stop_reason: "end_turn" }, usage: later }),
      messageFrame("message_stop"),
    ];
    const { model } = await start({ type: "stream", frames, ending: "end" });
    const seen = [];
    for await (const event of model.stream(ask())) if (event.type !== "progress") seen.push(event);
    expect(seen).toEqual([
      {
        type: "end",
        reply: {
          text: "",
          stop: "complete",
          servedBy: "m",
          usage: {
            uncachedInputTokens: 7,
            cachedInputTokens: 3,
            cacheWriteTokens: { "5m": 9, "1h": 0 },
            outputTokens: 5,
            thinkingTokens: 0,
          },
        },
      },
    ]);
  });
});

describe("anthropic: what fails", () => {
  it("calls broken JSON in an event malformed, and writes it to no log", async () => {
    // A console of its own: the SDK holds on to the functions of one it has seen.
    const log = vi.fn<typeof console.error>();
    vi.stubGlobal("console", { ...console, error: log });
    onTestFinished(() => void vi.unstubAllGlobals());
    const frames = [...messagesWire.stream(answer).slice(0, 1), "event: message_delta\ndata: {broken\n\n"];
    const { model } = await start({ type: "stream", frames, ending: "end" });
    await expect(drain(model.stream(ask()))).rejects.toMatchObject({ fault: "malformed" });
    expect(log).not.toHaveBeenCalled();
  });

  it("calls a whole answer that breaks off interrupted", async () => {
    const { model } = await start({ type: "stream", frames: ['{"content": ['], ending: "reset" });
    await expect(model.generate(ask())).rejects.toMatchObject({ fault: "interrupted" });
  });

  it("ends at once when aborted in the middle of a whole answer", async () => {
    const { vendor, model } = await start({ type: "stream", frames: ['{"content": ['], ending: "stall" });
    const abort = new AbortController();
    const failing = model.generate(ask({ signal: abort.signal }));
    // The beginning of the answer has to be there: nothing tells when.
    void vendor.nextRequest().then(() => setTimeout(() => abort.abort(), 50));
    await expect(failing).rejects.toMatchObject({ fault: "aborted" });
  });

  it("hands on nothing after an abort, though it has come", async () => {
    const frames = [messagesWire.stream(answer).join("")];
    const { model } = await start({ type: "stream", frames, ending: "end" });
    const abort = new AbortController();
    const texts: string[] = [];
    const failing = (async () => {
      for await (const event of model.stream(ask({ signal: abort.signal }))) {
        if (event.type !== "text") continue;
        texts.push(event.text);
        abort.abort();
      }
    })();
    await expect(failing).rejects.toMatchObject({ fault: "aborted" });
    expect(texts).toEqual(["Once "]);
  });
});
