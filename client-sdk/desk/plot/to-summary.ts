import { strings } from "../strings.ts";
import type { Series } from "./series.ts";
import { TIME_OF_DAY, type TimeAxis } from "./time-axis.ts";

/** A plot in words: how it stands, and between what it moved. */
export function toSummary(
  series: readonly Series[],
  format: (value: number) => string,
  time: TimeAxis = TIME_OF_DAY,
): string {
  const told = series
    .map((each) => tellOne(each, series.length > 1, format, time))
    .filter((text) => text !== "");
  return told.length === 0 ? strings.plot.nothing : told.join(" ");
}

function tellOne(
  { label, points }: Series,
  isNamed: boolean,
  format: (value: number) => string,
  time: TimeAxis,
): string {
  const known = points.flatMap(({ atMs, value }) => (value === null ? [] : [{ atMs, value }]));
  const [first, last] = [known[0], known.at(-1)];
  if (!first || !last) return "";
  const values = known.map(({ value }) => value);
  return strings.plot.summary({
    name: isNamed ? label : "",
    latest: format(last.value),
    lowest: format(Math.min(...values)),
    highest: format(Math.max(...values)),
    since: time.format(first.atMs),
  });
}
