import { describe, expect, it } from "vitest";
import { costNanoUsd } from "../catalogue/cost-of.ts";
import { readCatalogue } from "../catalogue/read-catalogue.ts";
import { createFakeClock } from "../fake-clock.ts";
import type { LanguageModel, ModelReply, ModelRequest, PromptMessage } from "../model.ts";
import { openCachingGemini } from "./contract/open-caching-gemini.ts";
import { type Beginning, createGeminiCaches } from "./gemini-cache.ts";
import { createGeminiModel } from "./gemini.ts";

/** Four bytes are taken for a token. */
const FROM_TOKENS = 100;
const RULES = "r".repeat(300);
const TALK = "t".repeat(200);

function ask(change: Partial<ModelRequest> = {}): ModelRequest {
  return {
    system: [{ text: RULES }],
    messages: [
      { role: "user", text: TALK, cache: "5m" },
      { role: "user", text: "Go on." },
    ],
    maxOutputTokens: 5,
    cacheKey: "tales",
    signal: new AbortController().signal,
    ...change,
  };
}

async function start() {
  const vendor = await openCachingGemini();
  const clock = createFakeClock(Date.parse("2026-11-22"));
  const caching = { clock, fromTokens: FROM_TOKENS };
  const { baseUrl } = vendor;
  const model = createGeminiModel({ model: "gemini-3.8-flash", readKey: () => "key", baseUrl, caching });
  const lastCall = () => vendor.calls.at(-1);
  /** Goes on asking until an answer was made from what the vendor kept by that order. */
  const untilKept = async (order = 1, request = ask()): Promise<ModelReply[]> => {
    const replies: ModelReply[] = [];
    await expect
      .poll(
        async () => {
          replies.push(await model.generate(request));
          return lastCall()?.cachedContent;
        },
        { interval: 5 },
      )
      .toBe(`cachedContents/kept-${order}`);
    return replies;
  };
  return { vendor, clock, model, lastCall, untilKept };
}

const ways: readonly [string, (model: LanguageModel, request: ModelRequest) => Promise<ModelReply>][] = [
  ["generate", async (model, request) => await model.generate(request)],
  [
    "stream",
    async (model, request) => {
      const end = (await Array.fromAsync(model.stream(request))).at(-1);
      if (end?.type !== "end") throw new Error("the stream ended without its reply");
      return end.reply;
    },
  ],
];

describe.each(ways)("gemini: a beginning that is kept, by %s", (_, call) => {
  it("is ordered whole, and stands for itself in later calls", async () => {
    const { vendor, model, lastCall, untilKept } = await start();
    await call(model, ask());
    expect(lastCall()).toMatchObject({ version: "v1", systemInstruction: {}, contents: [{}, {}] });
    await untilKept();
    expect(vendor.orders).toEqual([
      {
        model: "models/gemini-3.8-flash",
        ttl: "300s",
        systemInstruction: expect.objectContaining({ parts: [{ text: RULES }] }) as unknown,
        contents: [{ role: "user", parts: [{ text: TALK }] }],
      },
    ]);
    const reply = await call(model, ask({ messages: [...ask().messages, { role: "user", text: "Now." }] }));
    expect(lastCall()).toMatchObject({
      cachedContent: "cachedContents/kept-1",
      contents: [{ parts: [{ text: "Go on." }] }, { parts: [{ text: "Now." }] }],
    });
    expect(lastCall()?.systemInstruction).toBeUndefined();
    expect(reply.usage).toMatchObject({ uncachedInputTokens: 10, cachedInputTokens: 500 });
  });

  it.each([400, 403, 404] as const)(
    "is sent after all, in the same call, when it is lost (%i)",
    async (status) => {
      const { vendor, clock, model, untilKept } = await start();
      await untilKept();
      vendor.loseAll(status);
      const before = vendor.calls.length;
      expect((await call(model, ask())).text).toBe("Yes.");
      // Nor is it named or paid for again at once, whatever became of it.
      await call(model, ask());
      const named = vendor.calls.slice(before).map(({ cachedContent }) => cachedContent);
      expect(named).toEqual(["cachedContents/kept-1", undefined, undefined]);
      expect(vendor.orders).toHaveLength(1);
      await clock.advance(300_000);
      await untilKept(2);
      expect(vendor.orders).toHaveLength(2);
    },
  );

  it("fails as any call does when the whole prompt fails too, or when it is aborted", async () => {
    const { vendor, model, untilKept } = await start();
    await untilKept();
    const before = vendor.calls.length;
    await expect(call(model, ask({ signal: AbortSignal.abort() }))).rejects.toMatchObject({
      fault: "aborted",
    });
    expect(vendor.calls).toHaveLength(before);
    vendor.refuseCalls();
    await expect(call(model, ask())).rejects.toMatchObject({ fault: "bad-request" });
    expect(vendor.calls).toHaveLength(before + 2);
  });
});

describe("gemini: keeping a beginning", () => {
  it("takes a second call with the same key", async () => {
    const { vendor, model, untilKept } = await start();
    for (const cacheKey of ["a", "b", "c"]) await model.generate(ask({ cacheKey }));
    const { cacheKey: _, ...keyless } = ask();
    for (let round = 0; round < 3; round++) await model.generate(keyless);
    await untilKept(1, ask({ cacheKey: "b" }));
    expect(vendor.orders).toHaveLength(1);
  });

  it("delays no call, and is ordered once however many come meanwhile", async () => {
    const { vendor, model, lastCall, untilKept } = await start();
    vendor.answerOrders("later");
    await model.generate(ask());
    const replies = await Promise.all([1, 2, 3, 4].map(async () => await model.generate(ask())));
    expect(replies.map(({ text }) => text)).toEqual(["Yes.", "Yes.", "Yes.", "Yes."]);
    expect(lastCall()?.cachedContent).toBeUndefined();
    await expect.poll(() => vendor.orders).toHaveLength(1);
    vendor.answerOrders(200);
    await untilKept();
    expect(vendor.orders).toHaveLength(1);
  });

  it("ends before the vendor lets go of it, and begins anew", async () => {
    const { vendor, clock, model, lastCall, untilKept } = await start();
    await untilKept();
    await clock.advance(289_999);
    await model.generate(ask());
    expect(lastCall()?.cachedContent).toBe("cachedContents/kept-1");
    await clock.advance(1);
    await model.generate(ask());
    expect(lastCall()?.cachedContent).toBeUndefined();
    await untilKept(2);
    expect(vendor.orders).toHaveLength(2);
  });

  it.each([400, 429] as const)(
    "that is refused (%i) leaves calls as they are, and is not tried again for a while",
    async (status) => {
      const { vendor, clock, model, untilKept } = await start();
      vendor.answerOrders(status);
      await model.generate(ask());
      await model.generate(ask());
      await expect.poll(() => vendor.orders).toHaveLength(1);
      for (let round = 0; round < 5; round++) expect((await model.generate(ask())).text).toBe("Yes.");
      expect(vendor.orders).toHaveLength(1);
      vendor.answerOrders(200);
      await clock.advance(300_000);
      await untilKept(2);
      expect(vendor.orders).toHaveLength(2);
    },
  );

  it("is in the usage of one reply, at the price of the input and the time it is kept", async () => {
    const { vendor, model, untilKept } = await start();
    const first = await model.generate(ask());
    const replies = [first, ...(await untilKept()), await model.generate(ask())];
    const written = replies.map(({ usage }) => usage?.cacheWriteTokens["5m"] ?? 0);
    expect(written.filter((tokens) => tokens > 0)).toEqual(vendor.orderTokens);
    const entry = readCatalogue().model("gemini", "gemini-3.8-flash");
    const none = { uncachedInputTokens: 0, cachedInputTokens: 0, outputTokens: 0, thinkingTokens: 0 };
    const cost = (cacheWriteTokens: { "5m": number; "1h": number }, day: string) =>
      costNanoUsd(entry, { ...none, cacheWriteTokens }, Date.parse(day));
    // 0.75 and a twelfth of 0.5 dollars a million; from 2027 on 1.5 and all of 1 dollar.
    expect(cost({ "5m": 12_000, "1h": 0 }, "2026-11-22")).toBe(9_000_000 + 500_004);
    expect(cost({ "5m": 0, "1h": 12_000 }, "2027-01-01")).toBe(18_000_000 + 12_000_000);
  });
});

describe("what Gemini is told to keep", () => {
  const setUp = () => {
    const clock = createFakeClock();
    const orders: Beginning[] = [];
    const caches = createGeminiCaches({
      clock,
      fromTokens: FROM_TOKENS,
      keep: async (beginning) => {
        orders.push(beginning);
        return { name: `kept-${orders.length}`, tokens: undefined };
      },
    });
    /** The name found, once what was ordered is there. */
    const find = async (request: ModelRequest) => {
      const found = caches.find(request);
      await clock.advance(0);
      return found;
    };
    return { clock, orders, caches, find };
  };
  const line = (bytes: number, cache?: "5m"): PromptMessage => ({
    role: "user",
    text: "t".repeat(bytes),
    ...(cache && { cache }),
  });
  const last = line(8);

  it("is the longest beginning, but not for less than a beginning's worth more", async () => {
    const { orders, find } = setUp();
    const short = [line(400, "5m")];
    const longer = [...short, line(396, "5m")];
    const longest = [...longer, line(4, "5m")];
    const system: ModelRequest["system"] = [];
    const found = [];
    for (const messages of [short, short, longer, longer, longer, longest, longest, longest]) {
      found.push((await find(ask({ system, messages: [...messages, last] })))?.rest.length);
    }
    expect(found).toEqual([undefined, undefined, 2, 2, 2, 3, 3, 1]);
    expect(orders.map(({ messages }) => messages.length)).toEqual([1, 3]);
  });

  it("leaves something to send, does not divide the system prompt, and is long enough", async () => {
    const { orders, find } = setUp();
    const requests = [
      ask({ messages: [line(800, "5m")] }),
      ask({ system: [{ text: RULES + TALK, cache: "1h" }, { text: "More." }], messages: [last] }),
      ask({ system: [], messages: [line(399, "5m"), last] }),
    ];
    for (const request of [...requests, ...requests]) expect(await find(request)).toBeUndefined();
    expect(orders).toEqual([]);
  });

  it("may be the system prompt alone, for an hour", async () => {
    const { orders, caches, find } = setUp();
    const request = ask({ system: [{ text: RULES + TALK, cache: "1h" }], messages: [last] });
    await find(request);
    await find(request);
    expect(orders).toMatchObject([{ messages: [], spanMs: 3_600_000 }]);
    expect(await find(request)).toMatchObject({ name: "kept-1", rest: [last] });
    // Where Google does not count, the usual number of bytes makes a token.
    const usage = {
      uncachedInputTokens: 1,
      cachedInputTokens: 0,
      cacheWriteTokens: { "5m": 0, "1h": 0 },
      outputTokens: 0,
      thinkingTokens: 0,
    };
    const reply: ModelReply = { text: "", stop: "complete", servedBy: "m", usage };
    expect(caches.countWrites(request, { ...reply, usage: undefined }).usage).toBeUndefined();
    expect(caches.countWrites(request, reply).usage?.cacheWriteTokens).toEqual({ "5m": 0, "1h": 125 });
    expect(caches.countWrites(request, reply).usage?.cacheWriteTokens).toEqual({ "5m": 0, "1h": 0 });
  });

  it("is given up when no answer comes, and ordered again after a pause", async () => {
    const clock = createFakeClock();
    let orders = 0;
    const caches = createGeminiCaches({
      clock,
      fromTokens: FROM_TOKENS,
      keep: async (_, signal) => {
        orders += 1;
        return await new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => reject(new Error("aborted")));
        });
      },
    });
    const ordersAfter = async (ms: number) => {
      await clock.advance(ms);
      expect(caches.find(ask())).toBeUndefined();
      return orders;
    };
    expect([await ordersAfter(0), await ordersAfter(0)]).toEqual([0, 1]);
    // Nor is one that is hardly longer ordered beside it.
    const longer = ask({ messages: [...ask().messages, line(8, "5m"), last] });
    for (let round = 0; round < 3; round++) expect(caches.find(longer)).toBeUndefined();
    expect(await ordersAfter(29_999)).toBe(1);
    expect([await ordersAfter(1), await ordersAfter(299_999), await ordersAfter(1)]).toEqual([1, 1, 2]);
  });

  it("is remembered a hundred times at most", async () => {
    const { find } = setUp();
    const of = (at: number) => ask({ cacheKey: `tale-${at}` });
    for (let at = 0; at <= 100; at++) {
      await find(of(at));
      await find(of(at));
    }
    expect(await find(of(100))).toMatchObject({ name: "kept-101" });
    expect(await find(of(0))).toBeUndefined();
  });
});
