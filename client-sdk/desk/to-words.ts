/** A figure the server does not know, as the mean of nothing. */
const NONE = "–";

/** "1,204"; at most `digits` after the point. */
export function toCount(value: number | null, digits = 0): string {
  return value === null ? NONE : value.toLocaleString("en", { maximumFractionDigits: digits });
}

/** A share of 1 as "93.5 %". */
export function toShare(value: number | null): string {
  return value === null ? NONE : `${toCount(value * 100, 1)} %`;
}

/** Bytes as "128 MB" (of 1,000,000). */
export function toMegabytes(bytes: number): string {
  return `${toCount(bytes / 1e6, 1)} MB`;
}

const shortMoney = new Intl.NumberFormat("en", {
  style: "currency",
  currency: "USD",
  notation: "compact",
  maximumSignificantDigits: 3,
});

/** US dollars in as little room as an axis has, as "$1.5K" or "$0.0025". */
export const toShortMoney = (usd: number): string => shortMoney.format(usd);

const STEPS = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1000],
] as const;

/** A duration in the two largest units that fit, as "2 h 5 min"; in milliseconds when under ten seconds. */
export function toSpan(ms: number | null): string {
  if (ms === null) return NONE;
  if (ms < 10_000) return `${toCount(ms, 1)} ms`;
  const first = STEPS.findIndex(([, unit]) => ms >= unit);
  const [name, unit] = STEPS[first] ?? STEPS[3];
  const whole = Math.floor(ms / unit);
  const next = STEPS[first + 1];
  const rest = next ? Math.floor((ms - whole * unit) / next[1]) : 0;
  return next && rest > 0 ? `${whole} ${name} ${rest} ${next[0]}` : `${whole} ${name}`;
}

/** A moment as the person's own clock shows it, with its date unless it is today's. */
export function toMoment(atMs: number, nowMs: number): string {
  const time = new Date(atMs).toLocaleTimeString("en-GB");
  return isSameDay(atMs, nowMs) ? time : `${new Date(atMs).toLocaleDateString("en-CA")} ${time}`;
}

/** Hours and minutes, as an axis has room for. */
export function toTimeOfDay(atMs: number): string {
  return new Date(atMs).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}

/** "Sat 14:00", as within a week. */
export function toDayAndTime(atMs: number): string {
  return `${new Date(atMs).toLocaleDateString("en-GB", { weekday: "short" })} ${toTimeOfDay(atMs)}`;
}

/** "Nov 5", in UTC. */
export function toDayOfYear(atMs: number): string {
  return new Date(atMs).toLocaleDateString("en", { month: "short", day: "numeric", timeZone: "UTC" });
}

const isSameDay = (one: number, other: number): boolean =>
  new Date(one).toDateString() === new Date(other).toDateString();
