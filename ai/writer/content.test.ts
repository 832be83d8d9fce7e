import { describe, expect, it } from "vitest";
import { parseFrame, slotsOf } from "./frame.ts";
import { lintContent } from "./lint-content.ts";
import { readWriterContent } from "./read-content.ts";
import type { Frame, Voice } from "./read-content.ts";

const content = readWriterContent();
const goodbye = content.frames.find((frame) => frame.act === "closing" && !frame.form) as Frame;
const scholar = content.voices.get("scholar") as Voice;

type Change = Partial<Frame> & { readonly source: string };

function toFrame(change: Change): Frame {
  const tokens = parseFrame(change.source);
  const names = slotsOf(tokens);
  const slots = new Map(names.map((slot) => [slot, names.filter((other) => other === slot).length]));
  return { ...goodbye, modes: ["light"], ...change, tokens, slots };
}

/** What the linter says of these sentences. */
function lintSentences(...changes: readonly Change[]): string {
  const complaints = lintContent({ ...content, voices: new Map(), frames: changes.map(toFrame) });
  return complaints.filter((it) => changes.some(({ source }) => it.includes(source))).join("\n");
}

/** What the linter says when the scholar puts this in front of or behind lines. */
function lintScholar(part: "openers" | "closers" | "links" | "think", sort: string, text: string): string {
  const sorts: Record<string, unknown> = { ...scholar[part], [sort]: [parseFrame(text)] };
  const voices = new Map([["scholar" as const, { ...scholar, [part]: sorts }]]);
  return lintContent({ ...content, frames: [], voices }).join("\n");
}

it("has content the linter finds nothing wrong with", () => {
  expect(lintContent(content)).toEqual([]);
});

describe("the linter complains about a sentence with", () => {
  it.each([
    ["a slot nothing fills", "Goodbye, {nobody}.", "nothing fills {nobody}"],
    ["no end mark", "Goodbye then", "no end mark"],
    ["a question nobody could answer", "Shall we meet again?", "nobody could answer"],
    ["a gendered pronoun", "Say hello when he comes.", "gender"],
    ["an article before a noun slot", "I take the {echo}.", "a whole noun phrase stands there: the {echo}"],
    [
      "an article at the end of an option",
      "I take [my|] {good}.",
      "a whole noun phrase stands there: my {good}",
    ],
    [
      "“that” as an article",
      "We talked of that {topic}.",
      "a whole noun phrase stands there: of that {topic}",
    ],
    [
      "more than four fixed words in a row",
      "{name} went home very late today.",
      "too many fixed words in a row",
    ],
    ["a long option", "[I went home very late today|Bye], {name}.", "too many fixed words in a row"],
    ["a verb that fits one option only", "[Not many|Nobody] knows {echo}.", "broken grammar: “many knows”"],
    ["a wrong participle", "{>Has|Have} {good} ever make my day.", "broken grammar"],
    ["a verb that fits singular fillers only", "{animal} wants {good}.", "broken grammar"],
    ["a verb that does not agree", "{good} is over.", "broken grammar: “red kites is”"],
    ["a number without a plural", "Two point for {name}.", "broken grammar: “Two point”"],
    [
      "an article some fillers do not suit",
      "What a {great} night, {name}.",
      "a(n) must stand before it: a {great}",
    ],
    ["the wrong indefinite article", "An [odd|bold] night, {name}.", "broken grammar: “An bold”"],
    ["an article before a filler that has one", "My {animal} sang, {name}.", "broken grammar: “My"],
    ["a bracket at the beginning", "(Bows.) Goodbye.", "begins with a bracket"],
    ["words of the opposite feeling", "A terrible, horrible, hateful night.", "does not sound positive"],
  ])("%s", (_, source, complaint) => {
    expect(lintSentences({ source })).toContain(complaint);
  });

  it.each([
    [
      "a joke on a sober topic",
      { act: "joke", modes: ["sober"], source: "Ha." },
      "jokes are for light topics",
    ],
    ["geese on a sober topic", { modes: ["sober"], source: "{animal} waved." }, "too playful"],
    ["no headline where one is opened", { act: "opening", modes: ["news"], source: "Well." }, "never told"],
    [
      "a fact about a headline",
      { act: "claim", modes: ["news"], source: "{fact}." },
      "a headline has no facts",
    ],
    ["who, asked for a yes", { act: "ask", form: "yesno", source: "And who likes {good}?" }, "by yes or no"],
    ["how, behind a comma", { act: "ask", form: "doubt", source: "Say, how is {bad}?" }, "by yes or no"],
    ["which, asked for a view", { act: "ask", form: "opinion", source: "Which {good}?" }, "ask for a view"],
    ["two facts", { act: "fact", source: "{fact}. And {fact}." }, "one fact at a time"],
    ["a story nobody knows how to take", { act: "anecdote", source: "{when}: {phrase}." }, "takes a side"],
  ] as const)("%s", (_, change, complaint) => {
    expect(lintSentences(change)).toContain(complaint);
  });

  it("a twin", () => {
    expect(lintSentences(goodbye, goodbye)).toContain("stands twice");
  });

  it("nearly a twin, which differs in one word", () => {
    const source = "The [moon|owl] {name} found hums {echo} until dawn.";
    expect(lintSentences({ source }, { source: source.replace("dawn", "noon") })).toContain(
      "nearly the same",
    );
  });
});

describe("the linter takes no offence at", () => {
  it.each([
    ["“that” before a clause", "I know that {topic} {is|are} over."],
    ["a short idiom", "So long and thanks, {name}."],
    ["a verb behind another noun", "All talk of {echo} is over, {name}."],
  ])("%s", (_, source) => {
    expect(lintSentences({ source })).toBe("");
  });
});

it("the linter takes a clause before a question for no question", () => {
  const source = "When {topic} {is|are} over, would you mind, {name}?";
  expect(lintSentences({ act: "ask", form: "yesno", source })).toBe("");
});

describe("the linter complains about a voice with", () => {
  it.each([
    ["an opener that begins with a bracket", "openers", "any", "(Coughs.) Well,", "begins with a bracket"],
    ["a closer that ends with one", "closers", "any", "I checked (twice.)", "ends with a bracket"],
    ["a closer without an end mark", "closers", "any", "So there", "no end mark"],
    ["a way to think that ends the sentence", "think", "any", "I think so.", "so no end mark"],
    ["a link to nothing", "links", "any", "Speaking of {topic}:", "a link points back"],
    ["geese before sober topics", "openers", "calm", "Like {animal},", "too playful"],
    ["a gender", "closers", "any", "Said she.", "gender"],
    ["too few openers", "openers", "any", "Well,", "of at least 80"],
    ["too few closers", "closers", "any", "So there.", "of at least 60"],
  ] as const)("%s", (_, part, sort, text, complaint) => {
    expect(lintScholar(part, sort, text)).toContain(complaint);
  });
});

describe("the linter complains about content with", () => {
  it("a beat that has too few frames left", () => {
    const frames = content.frames.filter((frame) => frame.act !== "mediate");
    expect(lintContent({ ...content, frames }).join("\n")).toContain("mediate: too few frames");
  });

  it("fewer than 2,000 frames", () => {
    const frames = content.frames.slice(0, 1_999);
    expect(lintContent({ ...content, frames }).join("\n")).toContain("only 1999 of at least 2000 frames");
  });

  it("fewer than 120 fillers for an act", () => {
    const fillers = new Map([...content.fillers].map(([name, list]) => [name, list.slice(0, 3)]));
    expect(lintContent({ ...content, fillers }).join("\n")).toMatch(/joke: only \d+ of at least 120 fillers/);
  });

  it("more than a tenth of its polar sentences leaning the wrong way", () => {
    const frames = content.frames.map((frame) =>
      frame.sentiment === "positive" ? { ...frame, sentiment: "negative" as const } : frame,
    );
    expect(lintContent({ ...content, frames }).join("\n")).toMatch(
      /does not sound negative: .* \(one of \d+/,
    );
  });

  it("a skeleton that asks for an unknown exchange", () => {
    const [first, ...others] = content.skeletons;
    const skeletons = [...others, { ...first!, exchanges: ["waltz"] }];
    expect(lintContent({ ...content, skeletons }).join("\n")).toContain("no exchange is called waltz");
  });
});
