import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toCachedPrompt } from "../cached-prompt.ts";
import type { ModelEntry } from "../catalogue/catalogue-schema.ts";
import { readCatalogue } from "../catalogue/read-catalogue.ts";
import type { CacheSpan, ModelRequest, PromptMessage } from "../model.ts";
import { toMessageParams } from "../providers/anthropic-messages.ts";
import { prepareCaching } from "./prompt-cache.ts";

const catalogue = readCatalogue();
const haiku = catalogue.model("anthropic", "claude-haiku-5-5");
const flash = catalogue.model("gemini", "gemini-3.8-flash");
const signal = new AbortController().signal;

const ask = (change: Partial<ModelRequest> = {}): ModelRequest => ({
  system: [{ text: "r".repeat(2_047), cache: "1h" }],
  messages: [
    { role: "user", text: "t", cache: "5m" },
    { role: "assistant", text: "t".repeat(40_000), cache: "5m" },
    { role: "user", text: "Go on." },
  ],
  maxOutputTokens: 5,
  cacheKey: "k",
  temperature: 1,
  signal,
  ...change,
});

const marksOf = ({ system, messages }: Pick<ModelRequest, "system" | "messages">) =>
  [...system, ...messages].map(({ cache }) => cache);
const textsOf = ({ system, messages }: Pick<ModelRequest, "system" | "messages">) => [
  system.map(({ text }) => text),
  messages.map(({ role, text }) => [role, text]),
];

describe("what a model is told of caching", () => {
  it("leaves out marks whose beginning is too short to be kept", () => {
    // 2,047 bytes before the first mark, 2,048 before the second: 512 tokens.
    expect(marksOf(prepareCaching(ask(), haiku))).toEqual([undefined, "5m", "5m", undefined]);
    expect(marksOf(prepareCaching(ask(), flash))).toEqual([undefined, undefined, "5m", undefined]);
  });

  it("counts bytes, not letters", () => {
    const wide = ask({ system: [{ text: "界".repeat(683), cache: "1h" }] });
    expect(marksOf(prepareCaching(wide, haiku))[0]).toBe("1h");
  });

  it.each<[string, string, boolean, boolean]>([
    ["anthropic", "claude-haiku-5-5", true, false],
    ["gemini", "gemini-3.8-flash", true, true],
    ["openai", "gpt-6-luna", false, true],
    ["mistral", "mistral-small-2603", false, true],
    ["groq", "openai/gpt-oss-120b", false, false],
    ["together", "openai/gpt-oss-120b", false, false],
  ])("is, for %s %s: marks %s, key %s", (provider, id, marks, key) => {
    const prepared = prepareCaching(ask(), catalogue.model(provider, id));
    expect(marksOf(prepared).some((mark) => mark !== undefined)).toBe(marks);
    expect(prepared.cacheKey !== undefined).toBe(key);
  });

  it("is nothing for a model of Google's without a price for what is kept", () => {
    const unpriced: ModelEntry = { ...flash, prices: [{ from: 0, input: 1, output: 1 }] };
    const prepared = prepareCaching(ask(), unpriced);
    expect(marksOf(prepared)).toEqual([undefined, undefined, undefined, undefined]);
    expect(prepared.cacheKey).toBeUndefined();
  });

  it("has no key for a prompt too short to be kept", () => {
    const short = ask({ messages: [{ role: "user", text: "Go on." }] });
    expect(prepareCaching(short, catalogue.model("openai", "gpt-6-luna")).cacheKey).toBeUndefined();
  });

  it("adds no mark, and changes neither text nor order nor anything else", () => {
    const span = fc.option(fc.constantFrom<CacheSpan>("5m", "1h"), { nil: undefined });
    const role = fc.constantFrom<PromptMessage["role"]>("user", "assistant");
    const part = fc.tuple(fc.string(), fc.nat(3_000), span, role);
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 8 }),
        fc.nat(8),
        fc.constantFrom(...catalogue.models),
        (parts, cut, entry) => {
          const made = parts.map(([text, length, cache, role]) => ({
            role,
            text: text.repeat(length),
            ...(cache && { cache }),
          }));
          const request = ask({ system: made.slice(0, cut), messages: made.slice(cut) });
          const prepared = prepareCaching(request, entry);
          expect(textsOf(prepared)).toEqual(textsOf(request));
          for (const [at, mark] of marksOf(prepared).entries()) {
            expect([undefined, marksOf(request)[at]]).toContain(mark);
          }
          expect({ ...prepared, system: 0, messages: 0, cacheKey: "k" }).toEqual({
            ...request,
            system: 0,
            messages: 0,
          });
        },
      ),
      { seed: 6, numRuns: 200 },
    );
  });
});

/** The marked beginnings of what is sent to Anthropic, the longest last. */
function beginningsOf(request: ModelRequest) {
  const { system, messages } = toMessageParams(haiku.id, {
    ...prepareCaching(request, haiku),
    signal: request.signal,
  });
  const blocks = [system ?? [], messages.map(({ content }) => content)].flat(2);
  const hash = createHash("sha256");
  return blocks.flatMap((block) => {
    if (typeof block === "string" || block.type !== "text") throw new Error("only text is sent");
    hash.update(`${block.text}\0`);
    const { cache_control: mark } = block;
    return mark ? [{ digest: hash.copy().digest("hex"), span: mark.ttl }] : [];
  });
}

describe("a conversation whose speakers take turns", () => {
  const personas = ["You are Ann.", "You are Ben.", "You are Cleo."];
  const requests = Array.from({ length: 60 }, (_, turn): ModelRequest => {
    const prompt = toCachedPrompt({
      conversationId: "c",
      rules: "r".repeat(3_000),
      shared: "s".repeat(500),
      transcript: Array.from({ length: turn }, (_line, at) => ({ speaker: "Ann", text: `Line ${at}.` })),
      persona: personas[turn % personas.length] ?? "",
      instruction: "Say your next line.",
    });
    return { ...prompt, maxOutputTokens: 5, signal };
  });
  const sent = requests.map(beginningsOf);

  it("finds all that the call before it had kept", () => {
    for (const [turn, before] of sent.slice(0, -1).entries()) {
      expect(sent[turn + 1]?.map(({ digest }) => digest)).toContain(before.at(-1)?.digest);
    }
  });

  it("never has more than four marks, the long ones first, and more to keep as it grows", () => {
    for (const marks of sent) {
      const spans = marks.map(({ span }) => span);
      expect(spans.length).toBeLessThanOrEqual(4);
      expect(spans.lastIndexOf("1h")).toBeLessThan(spans.includes("5m") ? spans.indexOf("5m") : 4);
    }
    const longest = new Set(sent.map((marks) => marks.at(-1)?.digest));
    // The system prompt, and seven whole blocks of eight lines.
    expect(longest.size).toBe(8);
    expect(sent.at(-1)?.map(({ span }) => span)).toEqual(["1h", "1h", "5m", "5m"]);
  });
});
