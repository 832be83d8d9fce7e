import type { Series } from "./series.ts";

/** The points as an SVG path: gaps stay gaps, and a point alone is a dot where line ends are round. */
export function toPath(
  points: Series["points"],
  x: (atMs: number) => number,
  y: (value: number) => number,
): string {
  let path = "";
  let isDown = false;
  for (const { atMs, value } of points) {
    if (value === null) {
      isDown = false;
      continue;
    }
    const place = `${round(x(atMs))} ${round(y(value))}`;
    path += isDown ? `L${place}` : `M${place}h0`;
    isDown = true;
  }
  return path;
}

const round = (value: number): number => Math.round(value * 10) / 10;
