import { expect, test } from "vitest";
import { createFakeClock } from "../fake-clock.ts";
import { createMethodFigures } from "./method-figures.ts";

const HOUR_MS = 3_600_000;
const NONE = { written: 0, rejected: 0, rejected_by_rule: {}, fell_back: 0, fell_back_by_reason: {} };

test("what became of each method's texts is told apart, by rule and by reason", () => {
  const methods = createMethodFigures(createFakeClock(0));
  methods.note({ type: "rejected", conversationId: "c", method: "llm", rules: ["emoji", "stale"] });
  methods.note({ type: "rejected", conversationId: "c", method: "llm", rules: ["stale"] });
  methods.note({ type: "fell-back", method: "llm", reason: "rejected" });
  methods.note({ type: "fell-back", method: "llm", reason: "over-budget" });
  methods.note({ type: "written", conversationId: "c", method: "template" });
  methods.note({ type: "written", conversationId: "c", method: "hybrid" });
  expect(methods.figures()).toEqual({
    template: { ...NONE, written: 1 },
    llm: {
      written: 0,
      rejected: 2,
      rejected_by_rule: { emoji: 1, stale: 2 },
      fell_back: 2,
      fell_back_by_reason: { rejected: 1, "over-budget": 1 },
    },
    hybrid: { ...NONE, written: 1 },
  });
});

test("what is a day old counts no more", async () => {
  const clock = createFakeClock(0);
  const methods = createMethodFigures(clock);
  methods.note({ type: "written", conversationId: "c", method: "llm" });
  await clock.advance(23 * HOUR_MS);
  expect(methods.figures().llm.written).toBe(1);
  await clock.advance(2 * HOUR_MS);
  expect(methods.figures().llm).toEqual(NONE);
});
