import type { Features } from "./features.ts";

/** The colors of one portrait. */
export interface Palette {
  body: string;
  shade: string;
  shine: string;
  belly: string;
  marking: string;
  ink: string;
  cheek: string;
  disc: string;
}

export function toPalette({ hue, markingHue, chroma, lightness }: Features): Palette {
  const dark = lightness < 0.62;
  return {
    body: oklch(lightness, chroma, hue),
    shade: oklch(lightness - 0.13, chroma, hue),
    shine: oklch(Math.min(0.97, lightness + 0.14), chroma * 0.6, hue),
    belly: oklch(Math.min(0.96, lightness + 0.17), chroma * 0.35, hue),
    marking: oklch(dark ? lightness + 0.2 : lightness - 0.14, Math.max(0.08, chroma), markingHue),
    ink: oklch(0.25, 0.04, hue),
    cheek: oklch(0.7, 0.16, 15),
    disc: oklch(lightness, chroma * 0.8, hue),
  };
}

function oklch(lightness: number, chroma: number, hue: number): string {
  return `oklch(${lightness.toFixed(3)} ${chroma.toFixed(3)} ${hue})`;
}
