import type { Element, Rarity } from "#schema/vocabulary.ts";
import { svg } from "../element.ts";

const GOLD = "oklch(0.82 0.15 88)";

/** The token of an element that a creature carries on its head. */
export function drawToken(element: Element | undefined): SVGElement | null {
  return element ? TOKENS[element]() : null;
}

const TOKENS: Record<Element, () => SVGElement> = {
  fire: () =>
    svg(
      "g",
      {},
      svg("path", {
        d: "M50 -6C60 4 61 12 57 18C53 23 45 23 42 17C40 12 44 10 43 4C47 6 49 2 50 -6Z",
        fill: "oklch(0.7 0.2 42)",
      }),
      svg("path", {
        d: "M50 6C55 11 55 16 52 19C48 20 45 17 46 14C47 12 49 11 50 6Z",
        fill: "oklch(0.88 0.16 92)",
      }),
    ),
  water: () =>
    svg("path", {
      d: "M50 -4C57 6 60 11 58 16C55 22 45 22 42 16C40 11 43 6 50 -4Z",
      fill: "oklch(0.75 0.12 230)",
      stroke: "#fff",
      "stroke-opacity": 0.6,
      "stroke-width": 1.5,
    }),
  earth: () =>
    svg(
      "g",
      {},
      svg("path", { d: "M38 22L44 6L51 3L55 12L51 22Z", fill: "oklch(0.6 0.05 60)" }),
      svg("path", { d: "M50 22L56 10L63 14L65 22Z", fill: "oklch(0.7 0.06 70)" }),
    ),
  air: () =>
    svg("path", {
      d: "M34 12H56C64 12 64 2 57 2C52 2 51 8 55 9M38 18H66C73 18 73 26 67 26",
      fill: "none",
      stroke: "oklch(0.72 0.08 215)",
      "stroke-width": 3.4,
      "stroke-linecap": "round",
    }),
  light: () =>
    svg(
      "g",
      { stroke: GOLD, "stroke-width": 3.4, "stroke-linecap": "round" },
      ...[-60, -30, 0, 30, 60].map((turn) =>
        svg("path", { d: "M50 10V1", transform: `rotate(${turn} 50 26)` }),
      ),
    ),
  shadow: () =>
    svg("path", {
      d: "M58 -3A12 12 0 1 0 60 17A10 10 0 1 1 58 -3Z",
      fill: "oklch(0.87 0.12 95)",
      stroke: "oklch(0.4 0.12 295)",
      "stroke-width": 1.6,
    }),
  nature: () =>
    svg(
      "g",
      {},
      svg("path", {
        d: "M50 22V8",
        stroke: "oklch(0.5 0.12 145)",
        "stroke-width": 3,
        "stroke-linecap": "round",
      }),
      svg("path", { d: "M50 10C42 10 36 5 36 -2C45 -2 50 3 50 10Z", fill: "oklch(0.68 0.17 140)" }),
      svg("path", { d: "M50 12C57 12 63 8 64 0C56 0 51 5 50 12Z", fill: "oklch(0.76 0.17 132)" }),
    ),
  metal: () =>
    svg(
      "g",
      {},
      svg("path", { d: "M50 22V8", stroke: "oklch(0.55 0.02 260)", "stroke-width": 3.4 }),
      svg("path", {
        d: "M53 -6L44 7H50L47 16L57 3H51Z",
        fill: GOLD,
        stroke: "oklch(0.6 0.1 80)",
        "stroke-width": 0.8,
      }),
    ),
};

/** The disc a creature stands on; rarer ones wear a finer rim. */
export function drawDisc(fill: string, rarity: Rarity | undefined): SVGElement {
  const rim = rimOf(rarity);
  return svg(
    "g",
    {},
    svg("circle", { cx: 50, cy: 50, r: 56, fill, opacity: 0.24 }),
    rim &&
      svg("circle", {
        cx: 50,
        cy: 50,
        r: 55,
        fill: "none",
        stroke: rim,
        "stroke-width": rarity === "uncommon" ? 2 : 3.5,
      }),
    rarity === "legendary" &&
      svg("circle", { cx: 50, cy: 50, r: 50.5, fill: "none", stroke: rim ?? "", "stroke-width": 1 }),
  );
}

/** Sparkles in front of the rarest. */
export function drawSparkles(rarity: Rarity | undefined): SVGElement | null {
  if (rarity !== "epic" && rarity !== "legendary") return null;
  const places =
    rarity === "legendary"
      ? [
          [12, 20, 8],
          [92, 34, 6],
          [8, 70, 5],
          [90, 80, 7],
        ]
      : [
          [10, 24, 7],
          [92, 66, 6],
        ];
  return svg(
    "g",
    { fill: rarity === "legendary" ? GOLD : "oklch(0.85 0.1 310)" },
    ...places.map(([x = 0, y = 0, r = 0]) =>
      svg("path", {
        d: `M${x} ${y - r}Q${x} ${y} ${x + r} ${y}Q${x} ${y} ${x} ${y + r}Q${x} ${y} ${x - r} ${y}Q${x} ${y} ${x} ${y - r}Z`,
      }),
    ),
  );
}

function rimOf(rarity: Rarity | undefined): string | null {
  if (rarity === "uncommon") return "oklch(0.72 0.12 150)";
  if (rarity === "rare") return "oklch(0.66 0.14 245)";
  if (rarity === "epic") return "oklch(0.65 0.18 305)";
  return rarity === "legendary" ? GOLD : null;
}
