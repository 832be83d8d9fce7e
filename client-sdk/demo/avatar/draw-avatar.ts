import { el, svg } from "../element.ts";
import { drawBody } from "./body.ts";
import { drawEars } from "./ears.ts";
import { drawFace } from "./face.ts";
import { toFeatures, type Sitter } from "./features.ts";
import type { Mood } from "./mood.ts";
import { drawDisc, drawSparkles, drawToken } from "./ornament.ts";
import { toPalette } from "./palette.ts";

/** Addresses of the pictures drawn so far, by what they show; a few kilobytes each, for as long as the page is open. */
const drawn = new Map<string, string>();

/**
 * A portrait of a chatling, the same for the same sitter; decorative, so hidden from screen readers. It is one picture
 * and not its sixty shapes: a page full of talk stays light.
 */
export function drawAvatar(sitter: Sitter, mood: Mood = "neutral"): HTMLImageElement {
  const key = JSON.stringify([sitter, mood]);
  const address = drawn.get(key) ?? toAddress(drawCreature(sitter, mood));
  drawn.set(key, address);
  return el("img", {
    class: "avatar",
    attrs: { src: address, alt: "", decoding: "sync", draggable: "false" },
  });
}

function drawCreature(sitter: Sitter, mood: Mood): SVGElement {
  const features = toFeatures(sitter);
  const palette = toPalette(features);
  return svg(
    "svg",
    { viewBox: "-8 -10 116 116" },
    drawDisc(palette.disc, features.rarity),
    svg(
      "g",
      { transform: `translate(4 6) scale(0.92) rotate(${features.tilt} 50 90)` },
      drawEars(features, palette),
      drawBody(features, palette),
      drawToken(features.element),
      drawFace(features, palette, mood),
    ),
    drawSparkles(features.rarity),
  );
}

function toAddress(picture: SVGElement): string {
  const text = new XMLSerializer().serializeToString(picture);
  return URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
}
