import type { LineSentiment } from "#schema/vocabulary.ts";
import { svg } from "../element.ts";
import { drawBody } from "./body.ts";
import { drawEars } from "./ears.ts";
import { drawFace } from "./face.ts";
import { toFeatures, type Sitter } from "./features.ts";
import { drawDisc, drawSparkles, drawToken } from "./ornament.ts";
import { toPalette } from "./palette.ts";

let drawn = 0;

/** A portrait of a chatling, the same for the same sitter; decorative, so hidden from screen readers. */
export function drawAvatar(sitter: Sitter, mood: LineSentiment = "neutral"): SVGElement {
  const features = toFeatures(sitter);
  const palette = toPalette(features);
  return svg(
    "svg",
    { viewBox: "-8 -10 116 116", class: "avatar", "aria-hidden": "true", focusable: "false" },
    drawDisc(palette.disc, features.rarity),
    svg(
      "g",
      { class: "creature", transform: `translate(4 6) scale(0.92) rotate(${features.tilt} 50 90)` },
      drawEars(features, palette),
      drawBody(features, palette, `body-${++drawn}`),
      drawToken(features.element),
      drawFace(features, palette, mood),
    ),
    drawSparkles(features.rarity),
  );
}
