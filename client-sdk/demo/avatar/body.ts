import { svg } from "../element.ts";
import type { Features } from "./features.ts";
import type { Palette } from "./palette.ts";

/** Outlines in a 100 × 100 box: feet near 90, eyes near 50. */
const OUTLINES: Record<Features["body"], string> = {
  blob: "M50 18C74 18 87 38 87 60C87 81 70 91 50 91C30 91 13 81 13 60C13 38 26 18 50 18Z",
  egg: "M50 13C69 13 82 40 82 63C82 81 68 91 50 91C32 91 18 81 18 63C18 40 31 13 50 13Z",
  pear: "M50 17C64 17 70 30 72 43C75 54 88 59 88 73C88 85 72 91 50 91C28 91 12 85 12 73C12 59 25 54 28 43C30 30 36 17 50 17Z",
  box: "M34 20H66C79 20 85 28 85 40V72C85 85 77 91 66 91H34C23 91 15 85 15 72V40C15 28 21 20 34 20Z",
  drop: "M52 9C54 26 85 40 85 65C85 82 69 91 50 91C31 91 15 82 15 65C15 42 42 30 52 9Z",
  ghost:
    "M50 16C72 16 83 34 83 55V86C83 92 77 92 73 88C69 84 64 84 60 88C55 93 45 93 40 88C36 84 31 84 27 88C23 92 17 92 17 86V55C17 34 28 16 50 16Z",
  fluff:
    "M50 17C56 11 66 13 68 21C76 19 83 26 80 34C88 37 91 46 85 52C92 58 90 68 83 71C85 79 78 86 70 84C66 92 56 94 50 89C44 94 34 92 30 84C22 86 15 79 17 71C10 68 8 58 15 52C9 46 12 37 20 34C17 26 24 19 32 21C34 13 44 11 50 17Z",
};

/** Body with its markings, clipped to the outline. */
export function drawBody(features: Features, palette: Palette): SVGElement {
  const outline = OUTLINES[features.body];
  return svg(
    "g",
    {},
    features.feet &&
      svg(
        "g",
        { fill: palette.shade },
        svg("ellipse", { cx: 36, cy: 91, rx: 10, ry: 6 }),
        svg("ellipse", { cx: 64, cy: 91, rx: 10, ry: 6 }),
      ),
    svg("clipPath", { id: "outline" }, svg("path", { d: outline })),
    svg("path", { d: outline, fill: palette.body }),
    svg(
      "g",
      { "clip-path": "url(#outline)" },
      svg("ellipse", { cx: 50, cy: 102, rx: 52, ry: 26, fill: palette.shade, opacity: 0.5 }),
      svg("ellipse", { cx: 36, cy: 28, rx: 20, ry: 13, fill: palette.shine, opacity: 0.55 }),
      ...PATTERNS[features.pattern](palette),
    ),
  );
}

const PATTERNS: Record<Features["pattern"], (palette: Palette) => SVGElement[]> = {
  belly: ({ belly }) => [svg("ellipse", { cx: 50, cy: 82, rx: 22, ry: 19, fill: belly })],
  spots: ({ marking }) =>
    dots(marking, 0.75, [
      [24, 42, 6],
      [77, 38, 7],
      [72, 78, 8],
      [26, 76, 6],
      [60, 24, 4],
      [17, 60, 4],
    ]),
  stripes: ({ marking }) =>
    [30, 72, 84].map((y) =>
      svg("path", {
        d: `M8 ${y}Q50 ${y + 12} 92 ${y}`,
        stroke: marking,
        "stroke-width": 5,
        fill: "none",
        opacity: 0.65,
      }),
    ),
  freckles: ({ marking }) =>
    dots(marking, 0.9, [
      [26, 61, 1.8],
      [31, 65, 1.8],
      [25, 68, 1.8],
      [74, 61, 1.8],
      [69, 65, 1.8],
      [75, 68, 1.8],
    ]),
  mask: ({ belly }) => [svg("path", { d: "M10 44Q50 26 90 44V60Q50 74 10 60Z", fill: belly, opacity: 0.9 })],
  plain: () => [],
};

function dots(
  fill: string,
  opacity: number,
  places: readonly (readonly [number, number, number])[],
): SVGElement[] {
  return places.map(([cx, cy, r]) => svg("circle", { cx, cy, r, fill, opacity }));
}
