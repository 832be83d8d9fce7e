import { describe, expect, test } from "vitest";
import { MAX_SLOTS } from "#schema/vocabulary.ts";
import { shuffle, createRng } from "../rng.ts";
import { getArchetype } from "./archetypes.ts";
import { planConversation } from "./plan.ts";

const HOUR = "2026-01-01T00";
const topics = (count: number) => Array.from({ length: count }, (_, i) => ({ id: `t${i}` }));
const batch = (count: number, hour = HOUR) =>
  Array.from({ length: 100 }, (_, index) => planConversation(hour, index, topics(count)));
const PARTICIPANTS = { simple: [2, 3], medium: [3, 4], complex: [4, 5] } as const;

describe("a batch's plan", () => {
  test.each([1, 7, 50, 150])("repeats no topic of %i before all were used", (count) => {
    const plans = batch(count);
    for (let start = 0; start < 100; start += count) {
      const round = plans.slice(start, start + count).map(({ topic }) => topic.id);
      expect(new Set(round).size).toBe(round.length);
    }
  });

  test("holds every difficulty and number of participants within any 25 slots from the first on", () => {
    const plans = batch(60);
    for (let start = 0; start < 100; start += 25) {
      const shapes = plans
        .slice(start, start + 25)
        .map(({ difficulty, roles }) => `${difficulty} ${roles.length}`);
      expect([...new Set(shapes)].toSorted()).toEqual(
        Object.entries(PARTICIPANTS)
          .flatMap(([difficulty, counts]) => counts.map((count) => `${difficulty} ${count}`))
          .toSorted(),
      );
    }
    expect(plans.filter(({ roles }) => roles.length === 2)).toHaveLength(20);
  });

  test("gives every conversation different archetypes in slots without gaps, and weights that sum to 1", () => {
    for (const { roles } of batch(60)) {
      expect(roles.length).toBeLessThanOrEqual(MAX_SLOTS);
      expect(new Set(roles.map(({ archetype }) => archetype)).size).toBe(roles.length);
      expect(roles.map(({ slot }) => slot)).toEqual(roles.map((_, i) => i));
      for (const { traitWeights, requiredTraits, archetype } of roles) {
        expect(traitWeights.personality + traitWeights.element + traitWeights.rarity).toBeCloseTo(1, 9);
        expect(traitWeights.element > 0).toBe(requiredTraits.element !== undefined);
        const { elements } = getArchetype(archetype);
        expect(elements).toContain(requiredTraits.element ?? elements[0]);
      }
    }
  });

  test("uses all archetypes about equally often, and wishes for an element now and then", () => {
    const roles = ["00", "01", "02", "03", "04"]
      .flatMap((h) => batch(60, `2026-01-01T${h}`))
      .flatMap((p) => p.roles);
    const counts = Map.groupBy(roles, ({ archetype }) => archetype);
    for (const list of counts.values()) expect(list.length / roles.length).toBeCloseTo(1 / 8, 1);
    expect(counts.size).toBe(8);
    const wishes = roles.filter(({ requiredTraits }) => requiredTraits.element).length / roles.length;
    expect(wishes).toBeGreaterThan(0.1);
    expect(wishes).toBeLessThan(0.3);
  });

  test("is the same again in whatever order the topics come, and another in another hour", () => {
    const shuffled = shuffle(createRng("x"), topics(60));
    expect(Array.from({ length: 100 }, (_, i) => planConversation(HOUR, i, shuffled))).toEqual(batch(60));
    expect(batch(60, "2026-01-01T01")).not.toEqual(batch(60));
  });

  test("cannot be made without topics", () => {
    expect(() => planConversation(HOUR, 0, [])).toThrow(RangeError);
  });
});
