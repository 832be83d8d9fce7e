import { describe, expect, it } from "vitest";
import { createRng } from "../rng.ts";
import { toTokens } from "./tokens.ts";
import { measureViewerOverlap } from "./viewer-overlap.ts";

const measure = (viewing: { viewers: number; watched: number }, ...conversations: string[][]): number =>
  measureViewerOverlap(
    conversations.map((messages) => messages.map(toTokens)),
    viewing,
    createRng("viewer"),
  );

describe("messages that a viewer has all but heard", () => {
  it("share six tokens in a row with another conversation", () => {
    const conversations = [["a b c d e f", "a b c d e"], ["x a b c d e f", "a b c d e x f"], ["y"]];
    expect(measure({ viewers: 5, watched: 3 }, ...conversations)).toBe(2);
  });

  it("are not those of one conversation alone", () => {
    expect(measure({ viewers: 5, watched: 2 }, ["a b c d e f", "a b c d e f"], ["y"])).toBe(0);
  });

  it("are counted in what is watched together", () => {
    const conversations = [["a b c d e f"], ["a b c d e f"], ["u v w x y z"]];
    expect(measure({ viewers: 5, watched: 1 }, ...conversations)).toBe(0);
    // Both are seen by one viewer in three.
    const overlap = measure({ viewers: 3000, watched: 2 }, ...conversations);
    expect(overlap).toBeGreaterThan(0.6);
    expect(overlap).toBeLessThan(0.73);
  });

  it("are 0 of nothing", () => {
    expect(measure({ viewers: 5, watched: 20 })).toBe(0);
  });
});
