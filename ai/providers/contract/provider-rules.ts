import { describe, expect, it } from "vitest";
import * as z from "zod";
import type { ModelRequest, ModelUsage } from "../../model.ts";
import { toOutputSchema } from "../to-output-schema.ts";
import { ProviderError } from "../provider-error.ts";
import { expectDiscreet } from "./expect-discreet.ts";
import { openVendor, type Vendor } from "./open-vendor.ts";
import type { Script } from "./perform-script.ts";
import type { VendorWire, WireAnswer } from "./vendor-wire.ts";

const KEY = "key-never-to-be-seen";
const SECRET = "what the prompt says";

const usage: ModelUsage = {
  uncachedInputTokens: 70,
  cachedInputTokens: 1_100,
  cacheWriteTokens: { "5m": 40, "1h": 20 },
  outputTokens: 55,
  thinkingTokens: 15,
};

const answer: WireAnswer = { texts: ["Once ", "upon a ", "time."], stop: "complete", usage };

const Tale = z.object({
  title: z.string().max(40),
  lines: z.array(z.string()).min(1),
  mood: z.string().nullable(),
});

function ask(change: Partial<ModelRequest> = {}): ModelRequest {
  return {
    system: [
      { text: "You tell tales.", cache: "1h" },
      { text: "Keep them short.", cache: "5m" },
    ],
    messages: [
      { role: "user", text: SECRET },
      { role: "assistant", text: "Which one?" },
      { role: "user", text: "Any." },
    ],
    maxOutputTokens: 300,
    cacheKey: "tales",
    signal: new AbortController().signal,
    ...change,
  };
}

/** What a vendor that reports less would report of the same call. */
function asReported(wire: VendorWire): ModelUsage {
  const { cacheWrites, thinking } = wire.reports;
  const { "5m": short, "1h": long } = usage.cacheWriteTokens;
  const written = {
    "by-span": { "5m": short, "1h": long },
    "5m": { "5m": short + long, "1h": 0 },
    none: { "5m": 0, "1h": 0 },
  };
  return {
    ...usage,
    uncachedInputTokens: usage.uncachedInputTokens + (cacheWrites === "none" ? short + long : 0),
    cacheWriteTokens: written[cacheWrites],
    thinkingTokens: thinking ? usage.thinkingTokens : 0,
  };
}

/** Every adapter keeps these rules; a failing test names the rule. */
export function describeProvider(wire: VendorWire): void {
  const start = async (script: Script) => {
    const vendor = await openVendor();
    vendor.play(script);
    return { vendor, model: wire.create(vendor.baseUrl, () => KEY) };
  };
  const replying = async (change: Partial<WireAnswer> = {}) =>
    await start({ type: "reply", response: wire.reply({ ...answer, ...change }) });
  const streaming = async (change: Partial<WireAnswer> = {}) =>
    await start({ type: "stream", frames: wire.stream({ ...answer, ...change }), ending: "end" });

  describe(`${wire.provider}: a request`, () => {
    it("says who speaks, in order, and how long the answer may be", async () => {
      const { vendor, model } = await replying();
      await model.generate(ask());
      const { path, body } = onlyRequest(vendor);
      const read = wire.readRequest(path, body);
      expect(read.system).toContain("You tell tales.");
      expect(read.system.indexOf("You tell")).toBeLessThan(read.system.indexOf("Keep them short."));
      expect(read.messages).toEqual(ask().messages);
      expect(read.maxOutputTokens).toBe(300);
      expect(read.streams).toBe(false);
    });

    it("carries the key that is read at that moment, in its header alone", async () => {
      const vendor = await openVendor();
      vendor.play({ type: "reply", response: wire.reply(answer) });
      let key = "first";
      const model = wire.create(vendor.baseUrl, () => key);
      await model.generate(ask());
      key = "second";
      await model.generate(ask());
      expect(vendor.received.map(({ headers }) => wire.readKey(headers))).toEqual(["first", "second"]);
      const { path, body } = vendor.received[0] ?? {};
      expect(`${path} ${JSON.stringify(body)}`).not.toContain("first");
    });

    it("asks for an answer of a schema, strictly", async () => {
      const text = JSON.stringify({ title: "A", lines: ["b"], mood: null });
      const { vendor, model } = await replying({ texts: [text] });
      const reply = await model.generate(ask({ output: toOutputSchema("tale", Tale) }));
      expect(Tale.parse(JSON.parse(reply.text))).toEqual({ title: "A", lines: ["b"], mood: null });
      const { path, body } = onlyRequest(vendor);
      const { schema } = wire.readRequest(path, body);
      expect(schema).toMatchObject({ type: "object", required: ["title", "lines", "mood"] });
      expect(JSON.stringify(schema)).not.toMatch(/maxLength|minItems/);
    });
  });

  describe.each([["generate"], ["stream"]] as const)(`${wire.provider}: %s`, (way) => {
    const starting = way === "generate" ? replying : streaming;
    const call = async (model: ReturnType<VendorWire["create"]>, request = ask()) => {
      if (way === "generate") return { reply: await model.generate(request), texts: [] };
      const events = await Array.fromAsync(model.stream(request));
      const end = events.at(-1);
      if (end?.type !== "end") throw new Error("the stream ended without its reply");
      return {
        reply: end.reply,
        texts: events.flatMap((event) => (event.type === "text" ? [event.text] : [])),
      };
    };

    it("gives the text and every token once", async () => {
      const { model } = await starting();
      const { reply, texts } = await call(model);
      expect(reply).toMatchObject({ text: "Once upon a time.", stop: "complete", usage: asReported(wire) });
      expect(reply.servedBy).not.toBe("");
      expect(texts.join("")).toBe(way === "stream" ? reply.text : "");
    });

    it("tells a refusal as a result", async () => {
      const { model } = await starting({ texts: ["I "], stop: "refused" });
      const { reply } = await call(model);
      expect(reply).toMatchObject({ stop: "refused", usage: asReported(wire) });
    });

    it("tells a truncated answer from a whole one", async () => {
      const { model } = await starting({ stop: "truncated" });
      expect((await call(model)).reply).toMatchObject({ text: "Once upon a time.", stop: "truncated" });
    });

    it("says so when no usage came", async () => {
      const { model } = await starting({ usage: undefined });
      expect((await call(model)).reply).toMatchObject({ text: "Once upon a time.", usage: undefined });
    });

    it.each([
      [400, "bad-request", false],
      [401, "auth", false],
      [402, "payment", false],
      [404, "unknown-model", false],
      [413, "too-large", false],
      [422, "bad-request", false],
      [429, "rate-limit", true],
      [500, "server", true],
      [502, "server", true],
      [503, "overloaded", true],
      [529, "overloaded", true],
    ] as const)("takes status %i for %s, and asks once", async (status, fault, retryable) => {
      const { vendor, model } = await start({ type: "reply", response: wire.error(status) });
      const error = await failureOf(call(model));
      expect(error).toMatchObject({ fault, retryable, status, provider: wire.provider });
      expect(vendor.received).toHaveLength(1);
      expectDiscreet(error, [KEY, SECRET]);
    });

    it("hears how long to wait", async () => {
      const response = wire.error(429);
      const { model } = await start({
        type: "reply",
        response: { ...response, headers: { ...response.headers, "retry-after": "7" } },
      });
      expect(await failureOf(call(model))).toMatchObject({ fault: "rate-limit", retryAfterMs: 7_000 });
    });

    it("knows an account that is used up from a crowd", async () => {
      const { vendor, model } = await start({ type: "reply", response: wire.error(429, "quota") });
      expect(await failureOf(call(model))).toMatchObject({ fault: "quota", retryable: false });
      expect(vendor.received).toHaveLength(1);
    });

    it("calls a vendor nobody answers at unreachable", async () => {
      const { vendor, model } = await starting();
      await vendor.stop();
      expect(await failureOf(call(model))).toMatchObject({ fault: "unreachable" });
    });

    it("calls an answer that is no JSON malformed", async () => {
      const frames = ["data: {broken\n\n"];
      const { model } = await start(
        way === "generate"
          ? { type: "reply", response: { status: 200, body: "{broken" } }
          : { type: "stream", frames, ending: "end" },
      );
      expect(await failureOf(call(model))).toMatchObject({ fault: "malformed" });
    });

    it("calls an answer whose bytes break off interrupted", async () => {
      const whole = wire.reply(answer).body;
      const { model } = await start(
        way === "generate"
          ? { type: "torn", body: whole.slice(0, -20) }
          : { type: "stream", frames: wire.stream(answer).slice(0, 2), ending: "reset" },
      );
      expect(await failureOf(call(model))).toMatchObject({ fault: "interrupted", retryable: true });
    });

    it("ends at once when aborted while nothing comes", async () => {
      const { vendor, model } = await start({ type: "silence" });
      const abort = new AbortController();
      const failing = failureOf(call(model, ask({ signal: abort.signal })));
      await vendor.nextRequest();
      abort.abort();
      expect(await failing).toMatchObject({ fault: "aborted", retryable: false });
    });
  });

  describe(`${wire.provider}: a stream that fails after its first words`, () => {
    const half = wire.stream(answer).slice(0, -1);
    const untilText = half.slice(0, half.findIndex((frame) => frame.includes("upon a ")) + 1);

    const breaking = async (script: Script, request = ask(), onText?: () => void) => {
      const { vendor, model } = await start(script);
      const texts: string[] = [];
      const failing = (async () => {
        for await (const event of model.stream(request)) {
          if (event.type === "text") texts.push(event.text);
          if (texts.join("") === "Once upon a ") onText?.();
        }
      })();
      const error = await failureOf(failing);
      expect(texts.join("")).toBe("Once upon a ");
      expect(vendor.received).toHaveLength(1);
      expectDiscreet(error, [KEY, SECRET]);
      return error;
    };

    it("says interrupted when the connection is reset", async () => {
      expect(await breaking({ type: "stream", frames: untilText, ending: "reset" })).toMatchObject({
        fault: "interrupted",
        retryable: true,
      });
    });

    it("says interrupted when it ends cleanly, but too early", async () => {
      expect(await breaking({ type: "stream", frames: untilText, ending: "end" })).toMatchObject({
        fault: "interrupted",
      });
    });

    it("says what an error event says", async () => {
      const frames = [...untilText, wire.errorFrame()];
      const { fault } = await breaking({ type: "stream", frames, ending: "end" });
      expect(["overloaded", "server"]).toContain(fault);
    });

    it("lets go of the connection when its reader has had enough", async () => {
      const { vendor, model } = await start({ type: "stream", frames: untilText, ending: "stall" });
      for await (const event of model.stream(ask())) if (event.type === "text") break;
      await expect(vendor.released()).resolves.toBeUndefined();
    });

    it("ends at once when aborted in a stall", async () => {
      const abort = new AbortController();
      const error = await breaking(
        { type: "stream", frames: untilText, ending: "stall" },
        ask({ signal: abort.signal }),
        () => abort.abort(),
      );
      expect(error).toMatchObject({ fault: "aborted" });
    });
  });
}

async function failureOf(call: Promise<unknown>): Promise<ProviderError> {
  const error: unknown = await call.then(
    () => "it succeeded",
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ProviderError);
  return error as ProviderError;
}

function onlyRequest(vendor: Vendor) {
  expect(vendor.received).toHaveLength(1);
  const [request] = vendor.received;
  if (!request) throw new Error("no request came");
  return request;
}
