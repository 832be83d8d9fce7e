import { describe, expect, it } from "vitest";
import { createRng } from "../rng.ts";
import { measureSharedContent } from "./shared-content.ts";
import { toTokens } from "./tokens.ts";

const measure = (...conversations: string[][]) =>
  measureSharedContent(
    conversations.map((messages) => messages.map(toTokens)),
    createRng("shared"),
  );

describe("content words shared by neighbors", () => {
  it("are looked for in pairs with two content words each", () => {
    // Shared; not shared; and two pairs that do not count.
    const messages = [
      "Purple dragons sleep",
      "A sleeping dragon!",
      "Ripe bananas fall",
      "Yes, bananas",
      "Ripe bananas",
    ];
    expect(measure(messages).adjacent).toBe(1 / 2);
  });

  it("are not looked for across conversations", () => {
    expect(measure(["purple dragons"], ["purple dragons"]).adjacent).toBe(0);
  });

  it("are compared with messages of another conversation only", () => {
    const dragons = ["purple dragons", "purple dragons", "purple dragons"];
    expect(measure(dragons, ["ripe bananas"])).toEqual({ adjacent: 1, random: 0 });
    expect(measure(dragons, ["sober dragons"])).toEqual({ adjacent: 1, random: 1 });
  });

  it("are as frequent in random pairs as the messages that share one are elsewhere", () => {
    const asking = Array.from({ length: 401 }, () => "purple dragons");
    const { random } = measure(asking, ["sober dragons"], ["ripe bananas"], ["green bananas"], ["yes"], []);
    expect(random).toBeGreaterThan(0.25);
    expect(random).toBeLessThan(0.42);
  });

  it("are 0 of one conversation's random pairs, and of nothing", () => {
    expect(measure(["purple dragons", "purple dragons"])).toEqual({ adjacent: 1, random: 0 });
    expect(measure(["purple dragons", "purple dragons"], [])).toEqual({ adjacent: 1, random: 0 });
    expect(measure([])).toEqual({ adjacent: 0, random: 0 });
    expect(measure()).toEqual({ adjacent: 0, random: 0 });
  });
});
