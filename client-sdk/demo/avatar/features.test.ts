import { expect, test } from "vitest";
import type { ELEMENTS } from "#schema/vocabulary.ts";
import { BODIES, EARS, EYES, PATTERNS, toFeatures, toHue } from "./features.ts";

const ids = Array.from({ length: 400 }, (_, index) => `chatling-${index}`);

test("the same chatling always looks the same", () => {
  const sitter = { id: "chatling-7", element: "fire", secondaryElement: "air", rarity: "epic" } as const;
  expect(toFeatures(sitter)).toEqual(toFeatures({ ...sitter }));
});

test("a collection is made of different creatures", () => {
  const looks = ids.map((id) => toFeatures({ id }));
  expect(new Set(looks.map((look) => look.body)).size).toBe(BODIES.length);
  expect(new Set(looks.map((look) => look.ears)).size).toBe(EARS.length);
  expect(new Set(looks.map((look) => look.eyes)).size).toBe(EYES.length);
  expect(new Set(looks.map((look) => look.pattern)).size).toBe(PATTERNS.length);
  const distinct = new Set(
    looks.map(({ body, ears, eyes, pattern, mouth }) => body + ears + eyes + pattern + mouth),
  );
  expect(distinct.size).toBeGreaterThan(300);
});

test("the element gives the color, whatever the id: near its own hue and away from its opposite", () => {
  const hues = (element: (typeof ELEMENTS)[number]) => ids.map((id) => toHue({ id, element }));
  for (const hue of hues("fire")) expect(hue).toSatisfy((degrees: number) => degrees >= 25 && degrees <= 55);
  for (const hue of hues("water"))
    expect(hue).toSatisfy((degrees: number) => degrees >= 223 && degrees <= 253);
});

test("learning a chatling's element changes its color but not its shape", () => {
  const before = toFeatures({ id: "chatling-3" });
  const after = toFeatures({ id: "chatling-3", element: "nature", rarity: "rare" });
  expect(after).toMatchObject({
    body: before.body,
    ears: before.ears,
    eyes: before.eyes,
    mouth: before.mouth,
  });
});
