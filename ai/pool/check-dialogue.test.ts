import { describe, expect, test } from "vitest";
import { readStarterTopics } from "#data/content/read-starter-topics.ts";
import type { LineSentiment } from "#schema/vocabulary.ts";
import { createRng } from "../rng.ts";
import { createNoveltyLedger } from "../writer/novelty/ledger.ts";
import { writeConversation } from "../writer/write-conversation.ts";
import { checkDialogue, type DialogueCheck } from "./check-dialogue.ts";
import { planConversation } from "./plan.ts";
import { findUnfit } from "./unfit-words.ts";

const GOOD = [
  "Rain on a tin roof beats any lullaby, if you ask me.",
  "Beats it for whom? My blanket leaks.",
  "Then sleep under the table, {slot:1}, like a picnic in bed!",
  "A table. Hm.",
  "Umbrella over the pillow, done and settled.",
];
const LINE = 2;

/** A fit conversation with one line replaced, or with a tag on it. */
function check(line: string = GOOD[LINE] ?? "", change: Partial<DialogueCheck> = {}, tag?: LineSentiment) {
  const messages = GOOD.map((text, at) => ({
    slot: at % 2,
    text: at === LINE ? line : text,
    sentiment: at === LINE && tag ? tag : ("neutral" as const),
  }));
  return checkDialogue({ messages, told: "", ledger: createNoveltyLedger(), ...change });
}

const saidOnce = (messages: readonly { slot: number; text: string }[]) => ({
  messages: messages.map((message) => ({ ...message, sentiment: "neutral" as const })),
});
const lines = (texts: readonly string[]) => saidOnce(texts.map((text, at) => ({ slot: at % 2, text })));

test("a fit conversation breaks no rule", () => {
  expect(check()).toEqual([]);
});

describe("a line is kept out", () => {
  test.each([
    ["link", "Look at www.roofs.example for more rain sounds."],
    ["link", "My favorite one is on raindrops.com these days."],
    ["mail-address", "Write to roof.fan@rain.example about leaks."],
    ["phone-number", "Call 555-0199 and ask for the rain man."],
    ["phone-number", "Call +44 20 7946 0958 before the storm comes."],
    ["handle", "Ask @roof_fan, nobody knows tin as well."],
    ["hashtag", "Tin roofs forever, #cozy and warm all night."],
    ["emoji", "Then sleep under the table and smile 🙂 all night."],
    ["script", "Тогда спи под столом, там сухо и тепло всю ночь."],
    ["stage-direction", "*yawns* Then sleep under the table all night."],
    ["stage-direction", "(laughing) Then sleep under the table all night."],
    ["stage-direction", "Optimist: Then sleep under the table all night."],
    ["narration", "Then sleep under the table, she said softly."],
    ["gendered-speaker", "Let {slot:1} sleep under his own table tonight."],
    ["slots", "Then sleep under the table, {slot:4}, all night."],
    ["slots", "Then I, {slot:0}, sleep under the table tonight."],
    ["slots", "Then sleep under the table, {name}, all night."],
    ["profanity", "Then sleep under the damn table all night."],
    ["insult", "Then sleep under the table, you idiot."],
    ["sexual", "Then sleep under the sexy table all night."],
    ["self-harm", "Wet blankets make me want to die, honestly."],
    ["violence", "Then stab the roof until it stops."],
    ["drugs", "Then some whisky under the table for everyone."],
    ["politics", "Republicans love a tin roof in the rain."],
    ["model-talk", "As an AI language model, I sleep under no table."],
    ["model-talk", "I’m sorry, but I can’t help with that leaking roof."],
  ])("for %s: %s", (rule, line) => {
    expect(check(line)).toContain(rule);
  });

  test.each([
    "Scunthorpe has a cocktail bar with a classy bass player.",
    "My heroine shot past the grapes like a shooting star.",
    "I cannot wait for peacocks, assassin bugs and chicken breast.",
    "Hello, shell collectors: he'll weed the therapist's garden.",
    "From 1999-2005 about 1,000,000 people slept well, e.g. Ann.",
    "My aunt swears by tin, and she never sleeps badly.",
    "Fact: nobody (not even a cat) minds café music in Århus.",
  ])("but not an innocent one: %s", (line) => {
    expect(check(line)).toEqual([]);
  });
});

describe("a conversation is kept out", () => {
  test("that is too short, too long or a monologue in places", () => {
    expect(check("", lines(GOOD.slice(0, 4)))).toEqual(["message-count"]);
    const texts = Array.from({ length: 13 }, (_, at) => `${GOOD[at % 5] ?? ""} And ${at} more drops.`);
    expect(check("", lines(texts))).toContain("message-count");
    const twice = saidOnce(GOOD.map((text, at) => ({ slot: at < 2 ? 1 : at % 2, text })));
    expect(check("", twice)).toContain("double-turn");
  });

  test("whose messages are all grunts, or all speeches", () => {
    expect(check("", lines(["Hm.", "Why?", "Oh well.", "So what?", "Fine."]))).toEqual(["length"]);
    const speeches = GOOD.map((text, at) => `${text} ${"never the same word ".repeat(5)}${at}`);
    expect(check("", lines(speeches))).toContain("length");
  });

  test("with a line whose tag its words deny", () => {
    const line = "What a wonderful, happy night under the table!";
    expect(check(line, {}, "negative")).toEqual(["sentiment"]);
    expect(check(line, {}, "positive")).toEqual([]);
  });

  test("that says the same thing twice, or nearly", () => {
    expect(check(GOOD[0])).toContain("alike-lines");
    expect(check("Well, rain on a tin roof beats any lullaby, if you ask me.")).toContain("alike-lines");
  });

  test("that repeats nine words of what the model was told, but not eight", () => {
    const told = "In favor: then sleep under the big table like old cats do; roofs leak.";
    expect(check("Then sleep under the big table like old cats do.", { told })).toEqual(["copied"]);
    expect(check("Then sleep under the big table like old owls do.", { told })).toEqual([]);
  });

  test("that repeats the pool: a long line, six words for the third time, a near duplicate", () => {
    const ledger = createNoveltyLedger();
    const note = (id: string, text: string) => ledger.add({ id, topicId: "rain", messages: [{ text }] });
    note("a", "Then sleep under the table like a picnic in bed");
    expect(check("Then sleep under the table like a picnic in bed!", { ledger })).toEqual(["stale"]);
    expect(check("Then sleep under the table like a picnic in boots", { ledger })).toEqual(["stale"]);
    const six = "Nobody here would sleep under the big table like brown bears do";
    expect(check(six, { ledger })).toEqual([]);
    note("b", "Who would sleep under the big table like frogs?");
    expect(check(six, { ledger })).toEqual([]);
    note("c", "My cousins sleep under the big table like kings.");
    expect(check(six, { ledger })).toEqual(["stale"]);
  });
});

/** Its shy one waves and blushes, and its jokes say the opposite for fun; models are not asked to. */
const ITS_WAYS: ReadonlySet<string> = new Set(["stage-direction", "sentiment"]);

test("the starter topics and what the offline writer says about them hold nothing unfit or odd", () => {
  const topics = readStarterTopics(0);
  const unfit = topics.filter(({ material }) => findUnfit(JSON.stringify(material)).length > 0);
  expect(unfit.map(({ text }) => text)).toEqual([]);
  const ledger = createNoveltyLedger();
  const broken: string[] = [];
  for (let index = 0; index < 150; index++) {
    const { topic, roles, difficulty } = planConversation("2026-01-01T00", index, topics);
    const messages = writeConversation({ topic, roles, difficulty }, createRng(`${index}`), ledger);
    const rules = checkDialogue({ messages, told: "", ledger });
    const faults = rules.filter((rule) => !ITS_WAYS.has(rule));
    broken.push(...faults.map((rule) => `${rule}: ${messages.map(({ text }) => text).join(" / ")}`));
    ledger.add({ id: `${index}`, topicId: topic.id, messages });
  }
  expect(broken).toEqual([]);
});
