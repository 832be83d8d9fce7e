import { svg } from "../element.ts";
import type { Features } from "./features.ts";
import type { Palette } from "./palette.ts";

/** A pair of ears (or what stands for them), drawn behind the body: one side, and its mirror image. */
export function drawEars(features: Features, palette: Palette): SVGElement | null {
  if (features.ears === "none") return null;
  const drawSide = SIDES[features.ears];
  return svg(
    "g",
    {},
    drawSide(palette),
    svg("g", { transform: "translate(100 0) scale(-1 1)" }, drawSide(palette)),
  );
}

const SIDES: Record<Exclude<Features["ears"], "none">, (palette: Palette) => SVGElement> = {
  cat: ({ body, belly }) =>
    svg(
      "g",
      {},
      svg("path", { d: "M17 42C15 24 17 10 21 7C26 6 40 15 46 24Z", fill: body }),
      svg("path", { d: "M22 34C21 24 22 16 24 14C28 14 35 19 39 24Z", fill: belly }),
    ),
  bunny: ({ body, belly }) =>
    svg(
      "g",
      { transform: "rotate(-12 34 26)" },
      svg("ellipse", { cx: 34, cy: 9, rx: 9, ry: 23, fill: body }),
      svg("ellipse", { cx: 34, cy: 8, rx: 4.5, ry: 16, fill: belly }),
    ),
  bear: ({ body, belly }) =>
    svg(
      "g",
      {},
      svg("circle", { cx: 25, cy: 25, r: 13, fill: body }),
      svg("circle", { cx: 25, cy: 25, r: 7, fill: belly }),
    ),
  horns: () =>
    svg("path", {
      d: "M27 32C16 27 11 14 17 4C20 13 29 18 41 20Z",
      fill: "oklch(0.92 0.04 85)",
      stroke: "oklch(0.78 0.06 80)",
      "stroke-width": 1.5,
    }),
  antennae: ({ shade, marking }) =>
    svg(
      "g",
      {},
      svg("path", { d: "M40 24C38 14 34 8 27 5", stroke: shade, "stroke-width": 4, fill: "none" }),
      svg("circle", { cx: 25, cy: 4, r: 6, fill: marking }),
    ),
  floppy: ({ shade }) =>
    svg(
      "g",
      { transform: "rotate(24 20 36)" },
      svg("ellipse", { cx: 16, cy: 44, rx: 10, ry: 21, fill: shade }),
    ),
  fins: ({ marking, ink }) =>
    svg("path", {
      d: "M22 52C8 48 2 36 3 26C10 28 14 30 18 34C16 26 18 20 22 15C28 22 32 30 34 40Z",
      fill: marking,
      stroke: ink,
      "stroke-opacity": 0.15,
    }),
};
