/** Months of UTC, written as "2026-11". */

const name = new Intl.DateTimeFormat("en", { month: "long", year: "numeric", timeZone: "UTC" });
const day = new Intl.DateTimeFormat("en", { month: "long", day: "numeric", timeZone: "UTC" });

/** "November 2026"; what is no month stays as it is. */
export function toMonthName(month: string): string {
  const startMs = Date.parse(month);
  return Number.isNaN(startMs) ? month : name.format(startMs);
}

/** The first day of the month after, as "December 1". */
export function toDayAfter(month: string): string {
  return day.format(Date.parse(addMonths(month, 1)));
}

/** The month so many months later, or earlier. */
export function addMonths(month: string, count: number): string {
  const [year = 0, number = 1] = month.split("-").map(Number);
  return toMonth(Date.UTC(year, number - 1 + count));
}

/** The month of a moment. */
export function toMonth(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 7);
}
