import type { ServerUsageReport, Spent } from "#schema/usage.ts";
import { el } from "../../demo/element.ts";
import { createLinePlot } from "../plot/line-plot.ts";
import { strings } from "../strings.ts";
import { toCount, toDayOfYear, toShare, toShortMoney } from "../to-words.ts";
import { toDays } from "./to-days.ts";

const words = strings.models.byDay;

/** What each day of a month cost, and how that came about. */
export function createDayPlots(usage: ServerUsageReport): HTMLElement {
  const days = toDays(usage, Date.now());
  const time = { name: words.time, format: toDayOfYear };
  const toSeries = (label: string, read: (spent: Spent | null) => number | null) => [
    { label, points: days.map(({ atMs, spent }) => ({ atMs, value: read(spent) })) },
  ];
  return el(
    "section",
    {},
    el("h2", {}, words.title),
    el(
      "div",
      { class: "plots" },
      createLinePlot({
        ...words.spent,
        format: toShortMoney,
        smallestStep: 0.0001,
        series: toSeries(words.spent.title, (spent) => spent?.costUsd ?? 0),
        time,
      }),
      createLinePlot({
        ...words.calls,
        format: (value) => toCount(value),
        smallestStep: 1,
        series: toSeries(words.calls.title, (spent) => spent?.calls ?? 0),
        time,
      }),
      createLinePlot({
        ...words.cache,
        format: toShare,
        smallestStep: 0.001,
        series: toSeries(words.cache.title, toCacheShare),
        time,
      }),
    ),
  );
}

/** Where nothing was asked, nothing could be kept. */
function toCacheShare(spent: Spent | null): number | null {
  return spent === null || spent.inputTokens === 0 ? null : spent.cachedTokens / spent.inputTokens;
}
