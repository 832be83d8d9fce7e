import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ARCHETYPES, ELEMENTS, RARITIES, type ArchetypeId } from "#schema/vocabulary.ts";
import { drawStarterChatlings } from "#data/content/draw-starter-chatlings.ts";
import { createRng, type Rng } from "../rng.ts";
import { archetypes, getArchetype } from "./archetypes.ts";
import { toHour } from "./batch-hours.ts";
import { explainScore, scoreFit, type ScoredChatling, type ScoredRole } from "./casting-score.ts";
import { castConversation, toCastChatling, type CastChatling } from "./casting.ts";
import { planConversation } from "./plan.ts";
import { createStarters } from "./starters.fixture.ts";
import { traitLexicon } from "./trait-lexicon.ts";

const topics = Array.from({ length: 120 }, (_, i) => ({ id: `topic-${i}` }));
const plans = Array.from({ length: 4800 }, (_, i) =>
  planConversation(toHour(Date.UTC(2026, 0, 1) + Math.floor(i / 100) * 3_600_000), i % 100, topics),
);

function role(archetype: ArchetypeId, change: Partial<ScoredRole> = {}): ScoredRole {
  return {
    archetype,
    requiredTraits: { personality: [...getArchetype(archetype).traits] },
    traitWeights: { personality: 0.9, element: 0, rarity: 0.1 },
    ...change,
  };
}

function chatling(traits: readonly string[], change: Partial<ScoredChatling> = {}): ScoredChatling {
  return { traits, rarity: "common", element: "earth", secondaryElement: null, ...change };
}

const anyTraits = fc.uniqueArray(fc.constantFrom(...traitLexicon.traits, "neutral"), { maxLength: 8 });
const anyChatling = fc.record({
  traits: anyTraits,
  rarity: fc.constantFrom(...RARITIES),
  element: fc.constantFrom(...ELEMENTS),
  secondaryElement: fc.option(fc.constantFrom(...ELEMENTS)),
});
const anyPlannedRole = fc.constantFrom(...plans.flatMap(({ roles }) => roles).slice(0, 2000));

describe("calibration over the conversations that are planned", () => {
  const meanScore = (chatlings: readonly CastChatling[], some: typeof plans, rng: Rng) => {
    const scores = some.flatMap(({ roles }) => castConversation(roles, chatlings, rng) ?? []);
    return scores.reduce((sum, { score }) => sum + score, 0) / scores.length;
  };

  test("five plausible chatlings average at least 7 under the best assignment", () => {
    const mean = meanScore(createStarters().map(toCastChatling), plans, createRng("calibration"));
    expect(mean).toBeGreaterThanOrEqual(7);
  });

  test("whichever five a new user draws, they average at least 7 under the best assignment", () => {
    const rng = createRng("draws");
    const means = Array.from({ length: 200 }, (_, user) => {
      const five = drawStarterChatlings(rng).map((starter, i) => {
        const { name, personality, backstory, rarity, element, secondaryElement } = starter;
        const plain = { ...createStarters()[0]!, id: `u${user}-${i}` };
        return toCastChatling({ ...plain, name, personality, backstory, rarity, element, secondaryElement });
      });
      const from = (user * 24) % plans.length;
      return meanScore(five, plans.slice(from, from + 100), rng);
    });
    expect(Math.min(...means)).toBeGreaterThanOrEqual(7);
  });

  test("a chatling with no trait asked for, nor one kin to it, stays below 4 whatever its element and rarity", () => {
    let bad = 0;
    for (const { roles } of plans) {
      for (const planned of roles) {
        const required = planned.requiredTraits.personality;
        const unfit = [...traitLexicon.traits].filter(
          (trait) =>
            !required.includes(trait) && !required.some((wanted) => traitLexicon.kin.get(trait)?.has(wanted)),
        );
        const worst = chatling(unfit.slice(0, 8), {
          rarity: "legendary",
          element: planned.requiredTraits.element ?? "fire",
        });
        expect(scoreFit(planned, worst)).toBeLessThan(4);
        bad++;
      }
    }
    expect(bad).toBeGreaterThan(10_000);
  });

  test("a chatling nothing is known of stays below 4", () => {
    for (const id of ARCHETYPES)
      expect(scoreFit(role(id), chatling(["neutral"], { rarity: "legendary" }))).toBeLessThan(4);
  });

  test("each archetype's own traits score at least 9 for it, and higher than for any other", () => {
    for (const { id, traits } of archetypes.values()) {
      const own = scoreFit(role(id), chatling(traits));
      expect(own).toBeGreaterThan(9);
      const others = ARCHETYPES.filter((other) => other !== id);
      const best = Math.max(...others.map((other) => scoreFit(role(other), chatling(traits))));
      expect(best).toBeLessThan(own);
    }
  });
});

describe("the score", () => {
  test("lies between 0 and 10, and its explanation adds up to it", () => {
    fc.assert(
      fc.property(anyPlannedRole, anyChatling, (planned, someone) => {
        const score = scoreFit(planned, someone);
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(10);
        const { points, score: explained } = explainScore(planned, someone);
        expect(explained).toBe(score);
        expect(points.personality + points.element + points.rarity).toBeCloseTo(score, 9);
      }),
    );
  });

  test("never falls when a chatling has one more trait that is asked for", () => {
    fc.assert(
      fc.property(anyPlannedRole, anyChatling, fc.nat(4), (planned, someone, at) => {
        const trait = planned.requiredTraits.personality[at] as string;
        const without = { ...someone, traits: someone.traits.filter((has) => has !== trait) };
        const added = { ...someone, traits: [...without.traits, trait] };
        expect(scoreFit(planned, added)).toBeGreaterThanOrEqual(scoreFit(planned, without));
      }),
    );
  });

  test("an element wished for counts by primary before secondary before none", () => {
    const wishing = role("leader", {
      requiredTraits: { personality: [...getArchetype("leader").traits], element: "fire" },
      traitWeights: { personality: 0.8, element: 0.1, rarity: 0.1 },
    });
    const score = (element: "fire" | "water", secondaryElement: "fire" | null) =>
      scoreFit(wishing, chatling(["brave"], { element, secondaryElement }));
    expect(score("fire", null)).toBeCloseTo(score("water", null) + 1, 9);
    expect(score("water", "fire")).toBeCloseTo(score("water", null) + 0.6, 9);
  });

  test("without a wish the element's weight goes to the others", () => {
    const weights = { personality: 0.8, element: 0.1, rarity: 0.1 };
    const plain = role("leader", { traitWeights: weights });
    expect(scoreFit(plain, chatling(getArchetype("leader").traits, { rarity: "legendary" }))).toBeGreaterThan(
      9.9,
    );
  });

  test("an opposite trait speaks against a chatling", () => {
    expect(scoreFit(role("leader"), chatling(["brave", "shy"]))).toBeLessThan(
      scoreFit(role("leader"), chatling(["brave"])),
    );
  });

  test("a role with traits of its own is scored by those, not by its archetype's", () => {
    const own = role("leader", { requiredTraits: { personality: ["silly", "fun"] } });
    expect(scoreFit(own, chatling(["silly"]))).toBeGreaterThan(scoreFit(own, chatling(["brave"])));
  });

  test("the explanation names the traits for and against", () => {
    const { traits } = explainScore(role("leader"), chatling(["brave", "shy", "studious"]));
    expect(traits).toEqual([
      { trait: "brave", evidence: 1 },
      { trait: "shy", evidence: -0.5 },
    ]);
  });
});
