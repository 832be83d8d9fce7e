import { describe, expect, it } from "vitest";
import { createRng } from "../rng.ts";
import { Filler } from "./filler.ts";
import { parseFrame } from "./frame.ts";
import type { Said } from "./pick-frame.ts";
import type { Beat } from "./plan-draft.ts";
import { readWriterContent } from "./read-content.ts";
import { TopicWords } from "./topic-words.ts";

const content = readWriterContent();
const phrase = (text: string) => ({ text, many: text.endsWith("s") });
const aspects = [
  { good: ["warm socks", "a wool hat"], bad: ["an itchy scarf"], pro: ["wool warms"], con: ["wool itches"] },
  { good: ["a walk", "a long hike"], bad: ["sore feet"], pro: ["walking helps"], con: ["walking tires"] },
].map(({ good, bad, ...reasons }) => ({ good: good.map(phrase), bad: bad.map(phrase), ...reasons }));

const asked: Said = {
  slot: 1,
  act: "ask",
  phrases: [{ ...phrase("warm socks"), tone: "good", aspect: 0 }],
  aspect: 0,
  side: "pro",
};

/** What a frame says in answer to a message; the same for every seed, where only one thing can be said. */
function fill(source: string, beat: Partial<Beat>, target?: Said, pointsBack = false): Set<string> {
  const voice = content.voices.get("shy");
  if (!voice) throw new Error("nobody is shy");
  const said = Array.from({ length: 30 }, (_, seed) => {
    const rng = createRng(`${seed}`);
    const material = { kind: "thing", sober: false, name: phrase("winter"), facts: [], aspects } as const;
    const words = new TopicWords({ text: "Winter", material: { ...material, facts: [] } }, content.news, rng);
    const wish = { isShort: false, pointsBack: false, keepsReason: false, mayName: false };
    const whole: Beat = { slot: 0, act: "claim", stance: "open", to: 0, ...beat };
    return new Filler({ content, words, voice, beat: whole, target, wish }, rng, pointsBack).fill(
      parseFrame(source),
    );
  });
  return new Set(said);
}

describe("a line", () => {
  it("gives the reason of the aspect it names", () => {
    expect(fill("{bad}: {con}", {})).toEqual(
      new Set(["an itchy scarf: wool itches", "sore feet: walking tires"]),
    );
  });

  it("counters on the aspect it answers", () => {
    expect(fill("{con}", { act: "challenge", stance: "con" }, asked)).toEqual(new Set(["wool itches"]));
  });

  it("speaks of the very thing it is asked about, in its number", () => {
    const answer = { act: "answer", form: "opinion" } as const;
    expect(fill("I love {it|them}", answer, asked)).toEqual(new Set(["I love them"]));
    expect(fill("I love {it|them}", answer, { ...asked, phrases: [] })).toEqual(new Set(["I love it"]));
    expect(fill("For {good}, yes", answer, asked)).toEqual(new Set(["For warm socks, yes"]));
  });

  it("goes on, when it takes no side, about the side that was shown", () => {
    expect(fill("{reason}", { act: "agree" }, { ...asked, side: "con" })).toEqual(new Set(["wool itches"]));
    expect(fill("{reason}", { act: "agree" }, asked)).toEqual(new Set(["wool warms"]));
  });

  it("lets one choose between things that differ in kind", () => {
    const pairs = fill("{good} or {good}", { act: "ask", form: "pick" });
    const sameKind = [
      "warm socks or a wool hat",
      "a wool hat or warm socks",
      "a walk or a long hike",
      "a long hike or a walk",
    ];
    expect(sameKind.filter((pair) => pairs.has(pair))).toEqual([]);
  });
});
