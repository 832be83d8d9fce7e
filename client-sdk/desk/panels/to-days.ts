import type { ServerUsageReport, Spent } from "#schema/usage.ts";

const DAY_MS = 86_400_000;

/** Null where nothing was asked. */
interface Day {
  readonly atMs: number;
  readonly spent: Spent | null;
}

/** The days of a month, from its first to its last or today. */
export function toDays(
  { month, byDay }: Pick<ServerUsageReport, "month" | "byDay">,
  nowMs: number,
): readonly Day[] {
  const known = new Map(byDay.map((spent) => [spent.day, spent]));
  // This device's clock may be behind the server's.
  const untilMs = Math.max(nowMs, ...byDay.map(({ day }) => Date.parse(day)));
  const days: Day[] = [];
  for (let atMs = Date.parse(month); atMs <= untilMs; atMs += DAY_MS) {
    const day = new Date(atMs).toISOString().slice(0, 10);
    if (!day.startsWith(month)) break;
    days.push({ atMs, spent: known.get(day) ?? null });
  }
  return days;
}
