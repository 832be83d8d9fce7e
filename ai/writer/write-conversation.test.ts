import { describe, expect, it } from "vitest";
import { readStarterTopics } from "#data/content/read-starter-topics.ts";
import { ARCHETYPES, DIFFICULTIES } from "#schema/vocabulary.ts";
import { createRng, pick, randomInt, shuffle } from "../rng.ts";
import type { Act } from "./acts.ts";
import { finishText } from "./finish-text.ts";
import { createNoveltyLedger } from "./novelty/ledger.ts";
import { readWriterContent } from "./read-content.ts";
import type { WriterTopic } from "./topic-words.ts";
import { writeConversation } from "./write-conversation.ts";
import type { ConversationOrder, WrittenMessage } from "./write-conversation.ts";

const starters = readStarterTopics(0);
const headlines: WriterTopic[] = [
  { text: "City council approves new bridge over the river" },
  { text: "Is the moon shrinking? Scientists disagree." },
  { text: "Mayor {slot:4} opens “garden” [photos]" },
];

const REPLIES: ReadonlySet<Act> = new Set<Act>(["agree", "challenge", "defend", "concede"]);

/** Each of its pieces carries the number of its aspect, and its own. */
const numbered: WriterTopic = {
  text: "Numbers",
  material: {
    kind: "idea",
    sober: false,
    name: { text: "numbers", many: true },
    facts: ["one is odd", "two is even", "three is prime", "four is square", "five has four letters"],
    aspects: Array.from({ length: 7 }, (_, aspect) => {
      const pieces = (sort: string) => Array.from({ length: 6 }, (__, at) => `${sort}${aspect}${at}`);
      const phrases = (sort: string) => pieces(sort).map((text) => ({ text, many: false }));
      return { good: phrases("good"), bad: phrases("bad"), pro: pieces("pro"), con: pieces("con") };
    }),
  },
};

function toOrder({ text, material }: WriterTopic, seed: string): ConversationOrder {
  const topic = { id: text, text, material };
  const rng = createRng(`order ${seed}`);
  const roles = shuffle(rng, ARCHETYPES)
    .slice(0, randomInt(rng, 2, 5))
    .map((archetype, slot) => ({ slot, archetype }));
  return { topic, roles, difficulty: pick(rng, DIFFICULTIES) };
}

function writeMany(
  topics: readonly WriterTopic[],
  count: number,
): { topic: WriterTopic; messages: WrittenMessage[] }[] {
  return Array.from({ length: count }, (_, at) => {
    const topic = topics[at % topics.length] as WriterTopic;
    return { topic, messages: writeConversation(toOrder(topic, `${at}`), createRng(`text ${at}`)) };
  });
}

const written = writeMany([...starters, ...headlines], 384);
const texts = written.flatMap(({ messages }) => messages.map(({ text }) => text));
const wordsOf = (text: string) => text.toLowerCase().match(/[a-z0-9]+(?:['’][a-z]+)?/g) ?? [];

describe("a written conversation", () => {
  it("is the same again for the same order, seed and ledger, and another for any other", () => {
    const order = toOrder(starters[0] as WriterTopic, "same");
    const toLedger = (...texts: readonly string[]) => {
      const ledger = createNoveltyLedger();
      ledger.add({ id: "before", topicId: "t", messages: texts.map((text) => ({ text })) });
      return ledger;
    };
    const first = writeConversation(order, createRng("a"), toLedger("Hello there."));
    expect(writeConversation(order, createRng("a"), toLedger("Hello there."))).toEqual(first);
    expect(writeConversation(order, createRng("b"), toLedger("Hello there."))).not.toEqual(first);
    const said = first.map(({ text }) => text);
    expect(writeConversation(order, createRng("a"), toLedger(...said))).not.toEqual(first);
  });

  it("says nothing of five words or more that the ledger knows, nor uses a core twice", () => {
    const ledger = createNoveltyLedger();
    const seen = new Set<string>();
    for (let at = 0; at < 300; at++) {
      const topic = starters[at % 12] as WriterTopic;
      const messages = writeConversation(toOrder(topic, `${at}`), createRng(`${at}`), ledger);
      const cores = messages.map(({ core }) => core);
      expect(new Set(cores).size).toBe(cores.length);
      for (const { text } of messages) {
        const words = wordsOf(text.replaceAll(/\{slot:\d\}/g, "name"));
        if (words.length < 5) continue;
        expect(seen).not.toContain(words.join(" "));
        seen.add(words.join(" "));
      }
      ledger.add({ id: `${at}`, topicId: topic.text, messages, cores: cores.join(" ") });
    }
  });

  it("names only speakers of the conversation, and nobody names themselves", () => {
    for (const { messages } of written) {
      const slots = new Set(messages.map(({ slot }) => slot));
      for (const { slot, text } of messages) {
        for (const [, named] of text.matchAll(/\{slot:(\d)\}/g)) {
          expect(slots).toContain(Number(named));
          expect(Number(named)).not.toBe(slot);
        }
      }
    }
  });

  it("leaves no bracket, slot or doubled blank behind, even when the headline holds some", () => {
    for (const text of texts) {
      expect(text.replaceAll(/\{slot:\d\}/g, "Pip")).not.toMatch(/[{}[\]|]|\(n\)| {2}|undefined/);
    }
  });

  it("begins every message with a capital, a name or a quotation and ends it with a mark", () => {
    for (const text of texts) {
      expect(text).toMatch(/^[\p{Lu}{“*\d]/u);
      expect(text).toMatch(/[.!?…]["”*]?$/);
    }
  });

  it("says nothing twice", () => {
    for (const { messages } of written) {
      expect(new Set(messages.map(({ text }) => text)).size).toBe(messages.length);
    }
  });

  it("tells each fact once: later mentions quote or answer it", () => {
    const retold = written.flatMap(({ topic, messages }) =>
      (topic.material?.facts ?? []).filter((fact) => {
        const told = messages.filter(({ text }) => text.toLowerCase().includes(fact.toLowerCase()));
        return told.length > 3;
      }),
    );
    expect(retold).toEqual([]);
  });

  it("brings up one aspect a message, and replies on the aspect they answer", () => {
    const frames = new Map(readWriterContent().frames.map((frame) => [frame.key, frame]));
    const replies: boolean[] = [];
    for (const { messages } of writeMany([numbered], 150)) {
      const known = new Set<string>();
      const aspects = new Set<string>();
      for (const { text, core } of messages) {
        const pieces = text.toLowerCase().match(/\b(?:good|bad|pro|con)\d\d\b/g) ?? [];
        const fresh = pieces.filter((piece) => !known.has(piece));
        const brought = new Set(fresh.map((piece) => piece.at(-2) as string));
        const frame = frames.get(core);
        // What one is to choose between differs in kind.
        expect(brought.size).toBeLessThan(frame?.form === "pick" ? 3 : 2);
        const [aspect] = brought;
        // A view may be put without any piece ("Pure joy!"): whoever challenges that brings up an aspect.
        if (aspect && aspects.size > 0 && REPLIES.has(frame?.act ?? "closing"))
          replies.push(aspects.has(aspect));
        for (const piece of fresh) known.add(piece);
        for (const one of brought) aspects.add(one);
      }
    }
    expect(replies.length).toBeGreaterThan(60);
    expect(replies.filter(Boolean).length / replies.length).toBeGreaterThan(0.9);
  });

  it("quotes no claim a second time", () => {
    for (const { messages } of writeMany([numbered], 100)) {
      const quoted = messages.flatMap(({ text }) => text.match(/“[^”]+”/g) ?? []);
      expect(new Set(quoted).size).toBe(quoted.length);
    }
  });

  it("states no facts about a headline, and quotes it in its first message", () => {
    const facts = starters.flatMap(({ material }) => material?.facts ?? []);
    for (const { messages } of writeMany(headlines, 90)) {
      expect(messages[0]?.text).toMatch(/“.+”/);
      for (const { text } of messages) expect(facts.some((fact) => text.includes(fact))).toBe(false);
    }
  });

  it("has the length and the share of questions of real chats", () => {
    const lengths = texts.map((text) => wordsOf(text.replaceAll(/\{slot:\d\}/g, "name")).length);
    const mean = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
    expect(mean).toBeGreaterThan(9);
    expect(mean).toBeLessThan(15);
    expect(lengths.filter((length) => length <= 4).length / lengths.length).toBeGreaterThan(0.06);
    const questions = texts.filter((text) => text.includes("?")).length / texts.length;
    expect(questions).toBeGreaterThan(0.2);
    expect(questions).toBeLessThan(0.35);
    const messages = written.reduce((sum, conversation) => sum + conversation.messages.length, 0);
    expect(messages / written.length).toBeGreaterThan(7);
  });
});

describe("finished text", () => {
  it.each([
    ["it was a(n) odd hour", "It was an odd hour"],
    ["a(n) useful owl. a(n) hourly bell", "A useful owl. An hourly bell"],
    ["well… maybe. yes", "Well… maybe. Yes"],
    ["what?. no , really", "What? No, really"],
    ["“quiet,” they say", "“Quiet,” they say"],
  ])("turns %j into %j", (raw, finished) => {
    expect(finishText(raw)).toBe(finished);
  });
});
