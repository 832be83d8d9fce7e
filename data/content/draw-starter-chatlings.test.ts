import { describe, expect, it } from "vitest";
import { createRng } from "#ai/rng.ts";
import { ARCHETYPES } from "#schema/vocabulary.ts";
import type { ArchetypeId } from "#schema/vocabulary.ts";
import { drawStarterChatlings, readStarterChatlings } from "./draw-starter-chatlings.ts";
import type { StarterChatling } from "./draw-starter-chatlings.ts";

/** Trait words of each archetype, as the customer's document lists them. */
const TRAITS: Readonly<Record<ArchetypeId, readonly string[]>> = {
  optimist: ["cheerful", "enthusiastic", "positive", "friendly", "energetic"],
  skeptic: ["cautious", "critical", "analytical", "serious", "thoughtful"],
  peacemaker: ["calm", "diplomatic", "balanced", "gentle", "patient"],
  jokester: ["playful", "humorous", "silly", "mischievous", "fun"],
  leader: ["confident", "assertive", "brave", "commanding", "strong"],
  shy: ["shy", "quiet", "reserved", "timid", "nervous"],
  rebel: ["rebellious", "defiant", "wild", "unconventional", "independent"],
  scholar: ["intelligent", "curious", "studious", "wise", "analytical"],
};

function wordsOf(text: string): Set<string> {
  return new Set(text.toLowerCase().match(/[a-z]+/g));
}

/** How many of these archetypes can be played at once, each by one who plays it well. */
function bestCast(archetypes: readonly ArchetypeId[], chatlings: readonly StarterChatling[]): number {
  const [first, ...others] = archetypes;
  if (!first) return 0;
  let best = bestCast(others, chatlings);
  for (const chatling of chatlings) {
    if (!chatling.plays.includes(first)) continue;
    best = Math.max(
      best,
      1 +
        bestCast(
          others,
          chatlings.filter((it) => it !== chatling),
        ),
    );
  }
  return best;
}

function combinations(size: number, from: readonly ArchetypeId[] = ARCHETYPES): ArchetypeId[][] {
  if (size === 0) return [[]];
  return from.flatMap((first, at) =>
    combinations(size - 1, from.slice(at + 1)).map((rest) => [first, ...rest]),
  );
}

const draws = Array.from({ length: 40 }, (_, seed) => drawStarterChatlings(createRng(`user ${seed}`)));

describe("the starter chatlings", () => {
  it("are at least 20, with names of their own", () => {
    const all = readStarterChatlings();
    expect(all.length).toBeGreaterThanOrEqual(20);
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  });

  it("show at least two trait words of every archetype they play", () => {
    const weak = readStarterChatlings().flatMap(({ name, plays, personality }) => {
      const words = wordsOf(personality);
      return plays
        .filter((archetype) => TRAITS[archetype].filter((trait) => words.has(trait)).length < 2)
        .map((archetype) => `${name} as ${archetype}`);
    });
    expect(weak).toEqual([]);
  });
});

describe("a new user's five", () => {
  it("are five different ones, the same for the same seed", () => {
    for (const five of draws) expect(new Set(five.map(({ name }) => name)).size).toBe(5);
    expect(drawStarterChatlings(createRng("user 0"))).toEqual(draws[0]);
    expect(new Set(draws.map((five) => JSON.stringify(five))).size).toBeGreaterThan(30);
  });

  it("play every pair and trio of archetypes, and nearly every four, without a misfit", () => {
    for (const five of draws) {
      for (const cast of [...combinations(2), ...combinations(3)]) {
        expect(bestCast(cast, five)).toBe(cast.length);
      }
      const fours = combinations(4).filter((cast) => bestCast(cast, five) === 4);
      expect(fours.length).toBeGreaterThanOrEqual(66);
    }
  });

  it("play most casts of five without a misfit, and all with at most one", () => {
    for (const five of draws) {
      const sizes = combinations(5).map((cast) => bestCast(cast, five));
      expect(sizes.filter((size) => size === 5).length).toBeGreaterThanOrEqual(38);
      expect(Math.min(...sizes)).toBeGreaterThanOrEqual(4);
    }
  });
});
