import { expect, it } from "vitest";
import type { GenerationEvent } from "#ai/pool/generation-event.ts";
import { noteGeneration } from "./note-generation.ts";

/** What is noted of a conversation that goes this way. */
function notesOf(...events: readonly GenerationEvent[]): string[] {
  const notes: string[] = [];
  const experiments = {
    noteConversation: () => void notes.push("written"),
    noteQuality: (_: object, passed: boolean) => void notes.push(passed ? "passed" : "failed"),
  };
  for (const event of events) noteGeneration(experiments, event);
  return notes;
}

const conversationId = "k1";
const rejected = { type: "rejected", conversationId, method: "llm", rules: [] } as const;

it("a model's text that is rejected and asked for again is one conversation and two texts", () => {
  const notes = notesOf(rejected, { type: "written", conversationId, method: "llm" });
  expect(notes.toSorted()).toEqual(["failed", "passed", "written"]);
});

it("the offline writer's text in the place of two that were rejected passes no gate", () => {
  const fellBack = { type: "fell-back", method: "llm", reason: "rejected" } as const;
  const notes = notesOf(rejected, rejected, fellBack, {
    type: "written",
    conversationId,
    method: "template",
  });
  expect(notes).toEqual(["failed", "failed", "written"]);
});
