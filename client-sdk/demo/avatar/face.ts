import { svg } from "../element.ts";
import type { Features } from "./features.ts";
import type { Mood } from "./mood.ts";
import type { Palette } from "./palette.ts";

/** Eyes, cheeks and mouth; the mood of what is being said shows in them. */
export function drawFace(features: Features, palette: Palette, mood: Mood): SVGElement {
  return svg(
    "g",
    {},
    features.cheeks &&
      svg(
        "g",
        { fill: palette.cheek, opacity: mood === "positive" ? 0.6 : 0.32 },
        svg("ellipse", { cx: 26, cy: 61, rx: 6, ry: 3.8 }),
        svg("ellipse", { cx: 74, cy: 61, rx: 6, ry: 3.8 }),
      ),
    ...EYES[features.eyes](palette, mood),
    ...drawBrows(features, palette, mood),
    ...drawMouth(features, palette, mood),
  );
}

const EYES: Record<Features["eyes"], (palette: Palette, mood: Mood) => SVGElement[]> = {
  dots: (palette, mood) =>
    mood === "positive"
      ? [arc(36, palette), arc(64, palette)]
      : [dot(36, 49, 5, palette, mood), dot(64, 49, 5, palette, mood)],
  wide: (palette, mood) => [dot(29, 48, 6, palette, mood), dot(71, 48, 6, palette, mood)],
  big: (palette, mood) => [ball(36, 48, 11, palette, mood), ball(64, 48, 11, palette, mood)],
  sleepy: (palette, mood) => [
    ball(36, 49, 10, palette, mood),
    lid(36, palette),
    ball(64, 49, 10, palette, mood),
    lid(64, palette),
  ],
  cyclops: (palette, mood) => [ball(50, 45, 16, palette, mood)],
  three: (palette, mood) => [
    ball(33, 50, 8, palette, mood),
    ball(67, 50, 8, palette, mood),
    ball(50, 38, 7, palette, mood),
  ],
};

function dot(cx: number, cy: number, r: number, { ink }: Palette, mood: Mood): SVGElement {
  return svg(
    "g",
    toEyeShape(cy, mood),
    svg("circle", { cx, cy, r, fill: ink }),
    svg("circle", { cx: cx + r * 0.32, cy: cy - r * 0.36, r: r * 0.34, fill: "#fff" }),
  );
}

/** A blink presses an eye flat about its middle. */
function toEyeShape(cy: number, mood: Mood): { transform?: string } {
  return mood === "blinking" ? { transform: `translate(0 ${cy * 0.92}) scale(1 0.08)` } : {};
}

function arc(cx: number, { ink }: Palette): SVGElement {
  return svg("path", {
    d: `M${cx - 6} 51Q${cx} 42 ${cx + 6} 51`,
    stroke: ink,
    "stroke-width": 3.6,
    "stroke-linecap": "round",
    fill: "none",
  });
}

function ball(cx: number, cy: number, r: number, { ink, shade }: Palette, mood: Mood): SVGElement {
  return svg(
    "g",
    toEyeShape(cy, mood),
    svg("circle", { cx, cy, r, fill: "#fff", stroke: shade, "stroke-width": 1 }),
    svg("circle", { cx: cx + 0.6, cy: cy + 1, r: r * 0.6, fill: ink }),
    svg("circle", { cx: cx + r * 0.28, cy: cy - r * 0.22, r: r * 0.22, fill: "#fff" }),
  );
}

function lid(cx: number, { shade }: Palette): SVGElement {
  return svg("path", { d: `M${cx - 11} 48A11 11 0 0 1 ${cx + 11} 48Z`, fill: shade });
}

function drawBrows({ eyes }: Features, { ink }: Palette, mood: Mood): SVGElement[] {
  if (mood !== "negative") return [];
  const top = eyes === "cyclops" ? 26 : eyes === "dots" || eyes === "wide" ? 38 : 34;
  const brow = (d: string) =>
    svg("path", { d, stroke: ink, "stroke-width": 3, "stroke-linecap": "round", fill: "none" });
  return [brow(`M28 ${top + 3}L41 ${top + 6}`), brow(`M72 ${top + 3}L59 ${top + 6}`)];
}

function drawMouth({ mouth, eyes }: Features, { ink }: Palette, mood: Mood): SVGElement[] {
  const y = eyes === "cyclops" ? 70 : 66;
  const line = (d: string) =>
    svg("path", {
      d,
      stroke: ink,
      "stroke-width": 3,
      "stroke-linecap": "round",
      "stroke-linejoin": "round",
      fill: "none",
    });
  if (mouth === "beak") {
    const gape = mood === "positive" ? 5 : 2;
    const fill = "oklch(0.78 0.16 70)";
    return [
      svg("path", { d: `M42 ${y - 3}Q50 ${y - 9} 58 ${y - 3}L50 ${y + 3}Z`, fill }),
      svg("path", { d: `M44 ${y}L50 ${y + 3 + gape}L56 ${y}Z`, fill: "oklch(0.66 0.15 55)" }),
    ];
  }
  if (mood === "positive") {
    return [
      svg("path", {
        d: `M39 ${y - 3}Q50 ${y} 61 ${y - 3}Q59 ${y + 10} 50 ${y + 10}Q41 ${y + 10} 39 ${y - 3}Z`,
        fill: ink,
      }),
      svg("path", {
        d: `M44 ${y + 7}Q50 ${y + 2} 56 ${y + 7}Q53 ${y + 10} 50 ${y + 10}Q47 ${y + 10} 44 ${y + 7}Z`,
        fill: "oklch(0.7 0.17 20)",
      }),
    ];
  }
  if (mood === "negative") return [line(`M42 ${y + 4}Q50 ${y - 3} 58 ${y + 4}`)];
  if (mouth === "cat") return [line(`M40 ${y - 1}Q45 ${y + 5} 50 ${y - 1}Q55 ${y + 5} 60 ${y - 1}`)];
  const smile = line(`M42 ${y - 1}Q50 ${y + 5} 58 ${y - 1}`);
  if (mouth === "smile") return [smile];
  return [svg("path", { d: `M44 ${y + 1}L49 ${y + 2}L46 ${y + 7}Z`, fill: "#fff" }), smile];
}
