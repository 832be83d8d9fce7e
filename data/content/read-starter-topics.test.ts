import { describe, expect, it } from "vitest";
import { StoredTopic } from "#schema/stored/topic.ts";
import { readStarterTopics } from "./read-starter-topics.ts";

const topics = readStarterTopics(1_000);

describe("the starter topics", () => {
  it("are at least 110 valid records in at least 10 categories", () => {
    expect(topics.length).toBeGreaterThanOrEqual(110);
    expect(new Set(topics.map(({ category }) => category)).size).toBeGreaterThanOrEqual(10);
    for (const topic of topics) expect(StoredTopic.safeParse(topic).success).toBe(true);
  });

  it("have ids and keys of their own", () => {
    expect(new Set(topics.map(({ id }) => id)).size).toBe(topics.length);
    expect(new Set(topics.map(({ key }) => key)).size).toBe(topics.length);
  });

  it("carry at least 14 noun phrases and 12 facts of at most four words, and both sides of each aspect", () => {
    const poor = topics.filter(({ material }) => {
      const { aspects = [], facts = [] } = material ?? {};
      const phrases = aspects.flatMap(({ good, bad }) => [...good, ...bad]);
      const pieces = [...phrases.map(({ text }) => text), ...facts];
      const sided = aspects.every(({ pro, con }) => pro.length > 0 && con.length > 0);
      const enough = aspects.length >= 6 && phrases.length >= 14 && facts.length >= 12;
      return !sided || !enough || pieces.some((piece) => piece.split(" ").length > 4);
    });
    expect(poor.map(({ id }) => id)).toEqual([]);
  });

  it("keep the plural mark out of the text and know it as the number", () => {
    const aspects = topics.flatMap(({ material }) => material?.aspects ?? []);
    const phrases = aspects.flatMap(({ good, bad }) => [...good, ...bad]);
    for (const { text } of phrases) expect(text).not.toContain("(");
    const penguins = topics.find(({ id }) => id === "starter-penguins");
    expect(penguins?.material?.name).toEqual({ text: "penguins", many: true });
  });

  it("are balanced in mood and hold a few sober ones", () => {
    const share = (mood: string) =>
      topics.filter(({ sentiment }) => sentiment === mood).length / topics.length;
    expect(share("positive")).toBeLessThan(0.7);
    expect(share("mixed")).toBeGreaterThan(0.2);
    expect(topics.filter(({ material }) => material?.sober).length).toBeGreaterThanOrEqual(8);
  });

  it("let reasons stand alone, without a pronoun that points back", () => {
    const aspects = topics.flatMap(({ material }) => material?.aspects ?? []);
    const reasons = aspects.flatMap(({ pro, con }) => [...pro, ...con]);
    expect(reasons.filter((reason) => /^(?:it|they|this|that|these|those)\b/.test(reason))).toEqual([]);
  });
});
