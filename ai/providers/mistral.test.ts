import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { resetEnv } from "@mistralai/mistralai/lib/env.js";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { ModelEvent, ModelRequest } from "../model.ts";
import { mistralWire, toMistralChunk, toMistralCompletion } from "./contract/mistral-wire.ts";
import { openVendor } from "./contract/open-vendor.ts";
import type { Script } from "./contract/perform-script.ts";
import { describeProvider } from "./contract/provider-rules.ts";
import { createMistralModel } from "./mistral.ts";

const create = (baseUrl: string, readKey: () => string) =>
  createMistralModel({ model: "mistral-large-latest", readKey, baseUrl });

describeProvider({ ...mistralWire, provider: "mistral", create });

describe("mistral alone", () => {
  const start = async (script: Script) => {
    const vendor = await openVendor();
    vendor.play(script);
    return { vendor, model: create(vendor.baseUrl, () => "key") };
  };
  const replying = async (body: string, status = 200, headers: Record<string, string> = {}) =>
    await start({ type: "reply", response: { status, headers, body } });
  const ask = (change: Partial<ModelRequest> = {}): ModelRequest => ({
    system: [],
    messages: [{ role: "user", text: "Tell." }],
    maxOutputTokens: 5,
    signal: new AbortController().signal,
    ...change,
  });
  const thought = { type: "thinking", thinking: [{ type: "text", text: "Hm." }] };
  const text = { type: "text", text: "Yes." };

  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
    resetEnv();
  });

  it("names the shared beginning and how much to think", async () => {
    const { vendor, model } = await replying(toMistralCompletion("Yes.", "stop"));
    await model.generate(ask({ cacheKey: "tales", effort: "high", temperature: 0 }));
    expect(vendor.received[0]).toMatchObject({
      path: "/v1/chat/completions",
      body: { prompt_cache_key: "tales", reasoning_effort: "high", temperature: 0 },
    });
  });

  it("keeps thoughts to itself", async () => {
    const { model } = await replying(toMistralCompletion([thought, text], "stop"));
    expect((await model.generate(ask())).text).toBe("Yes.");
    const frames = [
      toMistralChunk({ content: [thought] }),
      toMistralChunk({ content: [text] }),
      toMistralChunk({ content: "" }, "stop"),
    ];
    const streaming = await start({ type: "stream", frames, ending: "end" });
    const events: ModelEvent[] = [];
    for await (const event of streaming.model.stream(ask())) events.push(event);
    // That it thinks is told, and not what.
    expect(events).toMatchObject([
      { type: "progress" },
      { type: "text", text: "Yes." },
      { type: "progress" },
      { type: "end", reply: { text: "Yes." } },
    ]);
  });

  it("takes a limit of the model for one of tokens, and an error for an error", async () => {
    const cut = await replying(toMistralCompletion("Ye", "model_length"));
    expect(await cut.model.generate(ask())).toMatchObject({ text: "Ye", stop: "truncated" });
    const broken = await replying(toMistralCompletion("Ye", "error"));
    await expect(broken.model.generate(ask())).rejects.toMatchObject({ fault: "server" });
  });

  it.each([
    ["without choices", JSON.stringify({ id: "1", model: "m" }), {}],
    ["that is a page", "<html>", { "content-type": "text/html" }],
  ])("calls a success %s malformed", async (_what, body, headers) => {
    const { model } = await replying(body, 200, headers);
    await expect(model.generate(ask())).rejects.toMatchObject({ fault: "malformed" });
  });

  it("knows a 400 that means the model", async () => {
    const body = {
      object: "error",
      message: "Invalid model",
      type: "invalid_model",
      param: null,
      code: "1500",
    };
    const { model } = await replying(JSON.stringify(body), 400);
    await expect(model.generate(ask())).rejects.toMatchObject({ fault: "unknown-model", status: 400 });
  });

  it("prints nothing, not even that a model will go", async () => {
    const printed = (["log", "warn", "group", "error"] as const).map((name) =>
      vi.spyOn(console, name).mockReturnValue(undefined),
    );
    const { model } = await replying(toMistralCompletion("Yes.", "stop"), 200, {
      "x-model-deprecation-timestamp": "2027-01-01T00:00:00Z",
    });
    await model.generate(ask());
    await new Promise((resolve) => setTimeout(resolve, 20));
    for (const spy of printed) expect(spy).not.toHaveBeenCalled();
  });

  it.each([["silence"], ["stall"]] as const)(
    "hears of an abort in a %s, whatever was collected",
    async (state) => {
      setFlagsFromString("--expose-gc");
      const collect = runInNewContext("gc") as () => void;
      const { vendor, model } = await start(
        state === "silence"
          ? { type: "silence" }
          : { type: "stream", frames: [toMistralChunk({ content: "Ye" })], ending: "stall" },
      );
      const abort = new AbortController();
      const read = async () => {
        for await (const event of model.stream(ask({ signal: abort.signal }))) {
          if (event.type === "end") throw new Error("it ended well");
        }
      };
      const abortLater = async () => {
        await vendor.nextRequest();
        for (let round = 0; round < 4; round++) {
          collect();
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
        abort.abort();
      };
      const [result] = await Promise.allSettled([read(), abortLater()]);
      expect(result).toMatchObject({ status: "rejected", reason: { fault: "aborted" } });
    },
  );

  it("keeps quiet even when the SDK is told to debug", async () => {
    vi.stubEnv("MISTRAL_DEBUG", "true");
    resetEnv();
    const printed = vi.spyOn(console, "group").mockReturnValue(undefined);
    const { model } = await replying(toMistralCompletion("Yes.", "stop"));
    await model.generate(ask());
    expect(printed).not.toHaveBeenCalled();
  });
});
