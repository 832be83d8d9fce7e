/** The shades of a heat map beside none at all. */
const LEVELS = 5;

/** Which shade a count gets when `most` is the largest: 0 for nothing, and for nothing else. */
export function toLevel(count: number, most: number): number {
  return count <= 0 || most <= 0 ? 0 : Math.min(LEVELS, Math.ceil((LEVELS * count) / most));
}
