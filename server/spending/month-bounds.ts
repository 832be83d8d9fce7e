/** When a month begins and ends in UTC, in Unix milliseconds; the end is the next one's beginning. */
export function monthBounds(month: string): { readonly startMs: number; readonly endMs: number } {
  const [year = 0, number = 0] = month.split("-").map(Number);
  return { startMs: Date.UTC(year, number - 1), endMs: Date.UTC(year, number) };
}
