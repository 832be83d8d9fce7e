import { expect, it } from "vitest";
import type { RoleFit } from "#schema/api.ts";
import { toFitWords } from "./fit-words.ts";

const fit: RoleFit = {
  personality: { points: 5.2, most: 8 },
  element: { points: 1, most: 1 },
  rarity: { points: 0.4, most: 1 },
  wantedTraits: ["cheerful", "friendly"],
  wantedElement: "fire",
  traits: [
    { trait: "cheerful", evidence: 1 },
    { trait: "playful", evidence: 0.5 },
    { trait: "brave", evidence: 0.25 },
    { trait: "serious", evidence: -0.5 },
  ],
};
const common = { rarity: "common" } as const;

it("every part of a score is told with its points and what spoke for and against", () => {
  expect(toFitWords({ fit }, common)).toEqual([
    "Personality: 5.2 of 8.0. The part asks for what it is: cheerful. " +
      "Close to what the part asks for: playful and brave. Speaks against it: serious.",
    "Element: 1.0 of 1.0. The part wished for fire, its element.",
    "Rarity: 0.4 of 1.0. Common: the rarer, the more accomplished an actor.",
  ]);
});

it("where nothing fits, what the part asks for is told instead", () => {
  const [personality] = toFitWords({ fit: { ...fit, traits: [] } }, common);
  expect(personality).toContain("The part asks for other traits: cheerful and friendly.");
});

it("an element counts in full, in part, not at all, or was not asked for", () => {
  const element = (patch: Partial<RoleFit>) => toFitWords({ fit: { ...fit, ...patch } }, common)[1];
  expect(element({ element: { points: 0.6, most: 1 } })).toContain("its second element");
  expect(element({ element: { points: 0, most: 1 } })).toBe("Element: 0.0 of 1.0. The part wished for fire.");
  expect(element({ element: { points: 0, most: 0 }, wantedElement: null })).toBe(
    "Any element would do, so it does not count here.",
  );
});

it("what cannot be told any more is said to be so", () => {
  expect(toFitWords({}, common)).toEqual([expect.stringContaining("not known any more")]);
});
