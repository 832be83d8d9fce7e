import { strings } from "../strings.ts";
import { toTimeOfDay } from "../to-words.ts";
import type { Series } from "./series.ts";

/** A plot in words: how it stands, and between what it moved. */
export function toSummary(series: readonly Series[], format: (value: number) => string): string {
  const told = series.map((each) => tellOne(each, series.length > 1, format)).filter((text) => text !== "");
  return told.length === 0 ? strings.plot.nothing : told.join(" ");
}

function tellOne({ label, points }: Series, isNamed: boolean, format: (value: number) => string): string {
  const known = points.flatMap(({ atMs, value }) => (value === null ? [] : [{ atMs, value }]));
  const [first, last] = [known[0], known.at(-1)];
  if (!first || !last) return "";
  const values = known.map(({ value }) => value);
  return strings.plot.summary({
    name: isNamed ? label : "",
    latest: format(last.value),
    lowest: format(Math.min(...values)),
    highest: format(Math.max(...values)),
    since: toTimeOfDay(first.atMs),
  });
}
