import { describe, expect, it } from "vitest";
import { createScript, momentAt } from "./script.ts";
import { sampleConversation } from "./testing/sample-conversation.ts";
import { createRng } from "#ai/rng.ts";

const conversation = sampleConversation("a", {
  slots: 4,
  lines: 12,
  text: (order) => `${"word ".repeat(1 + ((order * 7) % 30))}{slot:1}`,
});

const script = createScript(conversation, createRng("seed"), 1);

describe("a script", () => {
  it("is the same for the same seed and another for another", () => {
    expect(createScript(conversation, createRng("seed"), 1)).toEqual(script);
    expect(createScript(conversation, createRng("other"), 1)).not.toEqual(script);
  });

  it("leaves 2.5 to 6 seconds between lines and has each typed after the one before is there", () => {
    let previousAtMs = 0;
    for (const line of script.lines) {
      expect(line.atMs - previousAtMs).toBeGreaterThanOrEqual(2500 - 1);
      expect(line.atMs - previousAtMs).toBeLessThanOrEqual(6000 + 1);
      expect(line.typingFromMs).toBeGreaterThan(previousAtMs);
      expect(line.atMs - line.typingFromMs).toBeGreaterThanOrEqual(500);
      previousAtMs = line.atMs;
    }
    expect(script.endMs).toBeGreaterThan(previousAtMs);
  });

  it("gives longer lines more time, whatever the names in them", () => {
    const timed = (text: string): number =>
      createScript(sampleConversation("b", { lines: 1, text: () => text }), () => 0.5, 1).lines[0]?.atMs ?? 0;
    expect(timed("a ".repeat(60))).toBeGreaterThan(timed("a ".repeat(30)));
    expect(timed(`${"a ".repeat(30)}{slot:0}`)).toBe(timed(`${"a ".repeat(30)}{slot:12345}`));
  });

  it("takes an n-th of the time at speed n", () => {
    const fast = createScript(conversation, createRng("seed"), 4);
    for (const [index, line] of fast.lines.entries()) {
      expect(Math.abs(line.atMs - (script.lines[index]?.atMs ?? 0) / 4)).toBeLessThanOrEqual(1);
    }
    expect(Math.abs(fast.endMs - script.endMs / 4)).toBeLessThanOrEqual(1);
  });
});

describe("a moment of a script", () => {
  it("shows nobody, then who types, then the line", () => {
    for (const [index, line] of script.lines.entries()) {
      expect(momentAt(script, line.typingFromMs - 1)).toMatchObject({ delivered: index, typingSlot: -1 });
      expect(momentAt(script, line.typingFromMs)).toMatchObject({ delivered: index, typingSlot: line.slot });
      expect(momentAt(script, line.atMs - 1)).toMatchObject({ delivered: index, typingSlot: line.slot });
      expect(momentAt(script, line.atMs).delivered).toBe(index + 1);
    }
  });

  it("names the time of the next thing to happen, up to the end", () => {
    const times: number[] = [];
    for (let ms = -1; ms < script.endMs; ms = momentAt(script, ms).nextMs)
      times.push(momentAt(script, ms).nextMs);
    const expected = [
      ...script.lines.flatMap(({ typingFromMs, atMs }) => [typingFromMs, atMs]),
      script.endMs,
    ];
    expect(times).toEqual(expected);
    expect(momentAt(script, script.endMs)).toEqual({ delivered: 12, typingSlot: -1, nextMs: Infinity });
  });
});
