import { expect, it } from "vitest";
import { lintContent } from "./lint-content.ts";
import { parseFrame } from "./frame.ts";
import { readWriterContent } from "./read-content.ts";
import type { Frame } from "./read-content.ts";

const content = readWriterContent();

function withFrame(change: Partial<Frame> & { source: string }): string[] {
  const model = content.frames.find((frame) => frame.act === "closing") as Frame;
  const tokens = parseFrame(change.source);
  const frame = { ...model, ...change, tokens, slots: new Map<string, number>() };
  return lintContent({ ...content, frames: [...content.frames, frame] });
}

it("has content the linter finds nothing wrong with", () => {
  expect(lintContent(content)).toEqual([]);
});

it("holds at least 800 frames and 10 skeletons", () => {
  expect(content.frames.length).toBeGreaterThanOrEqual(800);
  expect(content.skeletons.length).toBeGreaterThanOrEqual(10);
});

it.each([
  ["a slot nothing fills", { source: "Goodbye, {nobody}." }, "nothing fills {nobody}"],
  ["a sentence without an end mark", { source: "Goodbye then" }, "no end mark"],
  ["a question at the end of a conversation", { source: "Shall we meet again?" }, "nobody could answer"],
  ["a gendered pronoun", { source: "Say hello when he comes." }, "gender"],
  ["a joke on a sober topic", { act: "joke", modes: ["sober"], source: "Ha." }, "jokes are for light topics"],
] as const)("complains about %s", (_, change, complaint) => {
  expect(withFrame(change).join("\n")).toContain(complaint);
});

it("complains about a sentence that stands twice", () => {
  const twin = content.frames.find((frame) => frame.act === "closing") as Frame;
  expect(withFrame({ source: twin.source }).join("\n")).toContain("stands twice");
});

it("complains about a beat that has too few frames left", () => {
  const frames = content.frames.filter((frame) => frame.act !== "mediate");
  expect(lintContent({ ...content, frames }).join("\n")).toContain("mediate: too few frames");
});
