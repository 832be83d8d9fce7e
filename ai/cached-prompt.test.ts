import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toCachedPrompt } from "./cached-prompt.ts";

const lines = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ speaker: at % 2 === 0 ? "Ann" : "Ben", text: `Line ${at}.` }));

const conversation = {
  conversationId: "c-1",
  rules: "Be brief.",
  shared: "The topic is rain.",
  transcript: lines(17),
  persona: "You are Ann, a sceptic.",
  instruction: "Say your next line.",
};

describe("a conversation's prompt", () => {
  it("goes from what stays to what changes, and says last who speaks", () => {
    const { system, messages } = toCachedPrompt({ ...conversation, transcript: lines(2) });
    expect(system).toEqual([
      { text: "Be brief.", cache: "1h" },
      { text: "The topic is rain.", cache: "1h" },
    ]);
    expect(messages).toEqual([
      { role: "user", text: "Ann: Line 0.\n" },
      { role: "user", text: "Ben: Line 1.\n" },
      { role: "user", text: "You are Ann, a sceptic.\n\nSay your next line." },
    ]);
  });

  it("is marked at the end of whole blocks of the transcript, and never where it changes", () => {
    const { messages } = toCachedPrompt(conversation);
    const marked = messages.flatMap(({ cache }, at) => (cache ? [[at, cache]] : []));
    expect(marked).toEqual([
      [7, "5m"],
      [15, "5m"],
    ]);
    const { messages: whole } = toCachedPrompt({ ...conversation, transcript: lines(8) });
    expect(whole.map(({ cache }) => cache)).toEqual([...Array(7).fill(undefined), "5m", undefined]);
  });

  it("has a key that is the conversation's, and does not tell its id", () => {
    const { cacheKey } = toCachedPrompt(conversation);
    expect(toCachedPrompt({ ...conversation, persona: "You are Ben." }).cacheKey).toBe(cacheKey);
    expect(toCachedPrompt({ ...conversation, conversationId: "c-2" }).cacheKey).not.toBe(cacheKey);
    expect(cacheKey).toMatch(/^[\w-]{32}$/);
    expect(cacheKey).not.toContain("c-1");
  });

  it("leaves out what is empty", () => {
    const { system } = toCachedPrompt({ ...conversation, shared: "" });
    expect(system).toEqual([{ text: "Be brief.", cache: "1h" }]);
  });

  it("begins, whoever speaks next, byte by byte as it did through the last turn's transcript", () => {
    const text = fc.string({ unit: "grapheme" });
    const line = fc.record({ speaker: text, text });
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 40 }),
        fc.array(line, { minLength: 1, maxLength: 10 }),
        fc.array(text, { minLength: 6, maxLength: 6 }),
        (before, turns, [rules = "", shared = "", persona = "", instruction = "", other = "", task = ""]) => {
          const common = { conversationId: "c", rules, shared };
          const now = toCachedPrompt({ ...common, transcript: before, persona, instruction });
          const transcript = [...before, ...turns];
          const later = toCachedPrompt({ ...common, transcript, persona: other, instruction: task });
          // With roles and marks, and all but the message that says who speaks.
          const beginning = { system: now.system, messages: now.messages.slice(0, -1) };
          const same = { system: later.system, messages: later.messages.slice(0, before.length) };
          expect(JSON.stringify(same)).toBe(JSON.stringify(beginning));
          expect(later.messages.at(-1)).toEqual({ role: "user", text: `${other}\n\n${task}` });
          expect(later.cacheKey).toBe(now.cacheKey);
        },
      ),
      { seed: 6, numRuns: 200 },
    );
  });
});
