import { describe, expect, it } from "vitest";
import { measurePool, type MeasuredConversation } from "./measure-pool.ts";

const conversation = (...messages: (readonly [author: string, text: string])[]): MeasuredConversation => ({
  messages: messages.map(([author, text]) => ({ author, text })),
});

const DRAGONS = conversation(
  ["jokester", "Do purple dragons sleep?"],
  ["scholar", "Purple dragons sleep by the river."],
);
const BANANAS = conversation(
  ["scholar", "Bananas ripen in autumn, {slot:1}."],
  ["jokester", "Good."],
  ["scholar", "Bananas ripen slowly!"],
);

describe("the measures of a pool", () => {
  it("are those worked out by hand", () => {
    const measures = measurePool([DRAGONS, BANANAS], "seed");
    expect(measures).toMatchObject({
      conversations: 2,
      messages: 5,
      messagesPerConversation: 2.5,
      fewestMessages: 2,
      mostMessages: 3,
      // 4 + 6 + 5 + 1 + 3 words.
      wordsPerMessage: 19 / 5,
      wordsP10: 1,
      // purple dragons, dragons sleep and bananas ripen come twice; of three words, purple dragons sleep.
      distinct2: 11 / 14,
      distinct3: 9 / 10,
      exactRepeats: 0,
      shortMost: 1,
      sixGramShare: 0,
      nearDuplicateMessages: 0,
      nearDuplicateConversations: 0,
      commonestOpening: 1 / 3,
      adjacentShare: 1,
      randomShare: 0,
      questions: 1 / 5,
      viewerSharedMessages: 0,
    });
    // 6 + 9 + 9 + 1 + 7 syllables in five sentences.
    expect(measures.grade).toBeCloseTo((0.39 * 19) / 5 + (11.8 * 32) / 19 - 15.59, 10);
  });

  it("are at their worst where every conversation is the same", () => {
    const copies = Array.from({ length: 30 }, () => DRAGONS);
    expect(measurePool(copies, "seed")).toMatchObject({
      distinct2: 6 / (30 * 8),
      exactRepeats: 1,
      shortMost: 30,
      sixGramShare: 1,
      nearDuplicateMessages: 1,
      nearDuplicateConversations: 1,
      commonestOpening: 1 / 2,
      adjacentShare: 1,
      randomShare: 1,
      // The authors' texts differ; of each conversation, one message has six words.
      authorGuessed: 1,
      viewerSharedMessages: 20,
    });
    expect(measurePool(copies, "seed").selfBleu).toBeCloseTo(1, 10);
  });

  it("are the same for the same seed", () => {
    const pool = Array.from({ length: 40 }, (_, at) => (at % 3 === 0 ? DRAGONS : BANANAS));
    expect(measurePool(pool, "one")).toEqual(measurePool(pool, "one"));
  });

  it("are numbers of a pool with one message, and 0 of one without any", () => {
    const { mtld, selfBleu, ...single } = measurePool([conversation(["shy", "Um, hello there"])], "seed");
    expect({ mtld, selfBleu }).toEqual({ mtld: 3, selfBleu: 0 });
    expect(Object.values(single).every(Number.isFinite)).toBe(true);
    for (const empty of [[], [conversation()]]) {
      const { conversations, ...none } = measurePool(empty, "seed");
      expect(conversations).toBe(empty.length);
      expect(new Set(Object.values(none))).toEqual(new Set([0]));
    }
  });
});
