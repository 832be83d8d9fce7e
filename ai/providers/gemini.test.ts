import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import type { ModelEvent, ModelRequest } from "../model.ts";
import { frame, geminiWire, toCandidate, toError } from "./contract/gemini-wire.ts";
import { openVendor } from "./contract/open-vendor.ts";
import type { Script } from "./contract/perform-script.ts";
import { describeProvider } from "./contract/provider-rules.ts";
import { createGeminiModel } from "./gemini.ts";

const create = (baseUrl: string, readKey: () => string) =>
  createGeminiModel({ model: "gemini-3.8-flash", readKey, baseUrl });

describeProvider({ ...geminiWire, provider: "gemini", create });

const request: ModelRequest = {
  system: [],
  messages: [{ role: "user", text: "Hello." }],
  maxOutputTokens: 5,
  signal: new AbortController().signal,
};

async function start(script: Script) {
  const vendor = await openVendor();
  vendor.play(script);
  return { vendor, model: create(vendor.baseUrl, () => "key") };
}

const replying = async (body: unknown, status = 200) =>
  await start({ type: "reply", response: { status, body: JSON.stringify(body) } });

async function collect(events: AsyncIterable<ModelEvent>): Promise<ModelEvent[]> {
  const all: ModelEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

it("gemini: asks for what the request says, logs nothing, and shows no thoughts", async () => {
  const { vendor, model } = await replying({ candidates: [toCandidate("Hi.", "STOP")] });
  const reply = await model.generate({ ...request, effort: "low", temperature: 0, cacheKey: "k" });
  expect(reply).toEqual({
    text: "Hi.",
    stop: "complete",
    usage: undefined,
    servedBy: "gemini-3.8-flash",
  });
  expect(vendor.received[0]?.path).toBe("/v1/models/gemini-3.8-flash:generateContent");
  expect(vendor.received[0]?.body).toEqual({
    contents: [{ role: "user", parts: [{ text: "Hello." }] }],
    generationConfig: {
      maxOutputTokens: 5,
      temperature: 0,
      thinkingConfig: { thinkingLevel: "LOW", includeThoughts: false },
    },
    store: false,
  });
});

it("gemini: a prompt that is blocked is a refusal, and its tokens are counted", async () => {
  const blocked = {
    promptFeedback: { blockReason: "PROHIBITED_CONTENT" },
    usageMetadata: { promptTokenCount: 9 },
  };
  const reply = { text: "", stop: "refused", usage: { uncachedInputTokens: 9, outputTokens: 0 } };
  const { model } = await replying(blocked);
  expect(await model.generate(request)).toMatchObject(reply);
  const { model: streaming } = await start({ type: "stream", frames: [frame(blocked)], ending: "end" });
  expect(await collect(streaming.stream(request))).toMatchObject([
    { type: "progress" },
    { type: "end", reply },
  ]);
});

it.each([
  ["RECITATION", "refused"],
  ["BLOCKLIST", "refused"],
  ["SPII", "refused"],
  ["A_FILTER_TO_COME", "refused"],
  ["CONTINUATION", "truncated"],
])("gemini: an answer that ends with %s is %s, and asked for once", async (reason, stop) => {
  const candidate = { ...toCandidate("Once", reason), continuationToken: "Z28gb24=" };
  const { vendor, model } = await replying({ candidates: [candidate] });
  expect(await model.generate(request)).toMatchObject({ text: "Once", stop });
  expect(vendor.received).toHaveLength(1);
});

it.each([
  ["nothing", {}],
  ["no end", { candidates: [toCandidate("Once")] }],
  ["a broken end", { candidates: [toCandidate("", "MALFORMED_RESPONSE")] }],
])("gemini: an answer of %s is malformed", async (_what, body) => {
  const { model } = await replying(body);
  await expect(model.generate(request)).rejects.toMatchObject({ fault: "malformed" });
});

it("gemini: thoughts are counted, but not handed on; counts of later frames win", async () => {
  const thinking = { index: 0, content: { role: "model", parts: [{ text: "Hmm.", thought: true }] } };
  const frames = [
    frame({ candidates: [thinking], usageMetadata: { promptTokenCount: 9, thoughtsTokenCount: 4 } }),
    frame({ candidates: [toCandidate("Hi.", "STOP")], usageMetadata: { candidatesTokenCount: 2 } }),
  ];
  const { model } = await start({ type: "stream", frames, ending: "end" });
  const usage = { uncachedInputTokens: 9, outputTokens: 6, thinkingTokens: 4 };
  expect(await collect(model.stream(request))).toMatchObject([
    { type: "progress" },
    { type: "text", text: "Hi." },
    { type: "end", reply: { text: "Hi.", usage } },
  ]);
});

it("gemini: hears how long to wait from the body when no header says so", async () => {
  const details = [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "34.5s" }];
  const failure = { fault: "rate-limit", retryAfterMs: 34_500 };
  const { model } = await replying(toError(429, details), 429);
  await expect(model.generate(request)).rejects.toMatchObject(failure);
  await expect(collect(model.stream(request))).rejects.toMatchObject(failure);
  const { model: inList } = await replying([toError(429, details)], 429);
  await expect(collect(inList.stream(request))).rejects.toMatchObject(failure);
  const frames = [frame(toError(429, details))];
  const { model: late } = await start({ type: "stream", frames, ending: "end" });
  await expect(collect(late.stream(request))).rejects.toMatchObject(failure);
});

it("gemini: knows a wrong key from a wrong request, though both are a 400", async () => {
  const details = [{ "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason: "API_KEY_INVALID" }];
  const { model } = await replying(toError(400, details), 400);
  await expect(model.generate(request)).rejects.toMatchObject({ fault: "auth", status: 400 });
});

it("gemini: a request that says nothing is not sent", async () => {
  const { vendor, model } = await replying({});
  await expect(model.generate({ ...request, messages: [] })).rejects.toMatchObject({ fault: "bad-request" });
  expect(vendor.received).toHaveLength(0);
});

it("gemini: hangs up when nobody reads on", async () => {
  const server = createServer((_request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(frame({ candidates: [toCandidate("Once ")] }));
    response.on("close", () => server.emit("hung-up"));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const hungUp = once(server, "hung-up");
  const model = create(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, () => "key");
  for await (const event of model.stream(request)) {
    expect(event).toEqual({ type: "text", text: "Once " });
    break;
  }
  await hungUp;
});
