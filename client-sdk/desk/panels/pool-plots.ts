import { el } from "../../demo/element.ts";
import { createLinePlot } from "../plot/line-plot.ts";
import type { Series } from "../plot/series.ts";
import { strings } from "../strings.ts";
import { toCount, toShare } from "../to-words.ts";
import type { PoolSample } from "#schema/desk.ts";

const words = strings.plots;

/** The pool over the last hours, one plot for each thing that may go wrong with it. */
export function createPoolPlots(samples: readonly PoolSample[]): HTMLElement {
  const toSeries = (label: string, read: (sample: PoolSample) => number | null): Series => ({
    label,
    points: samples.map((sample) => ({ atMs: sample.atMs, value: read(sample) })),
  });
  const whole = { format: (value: number) => toCount(value), smallestStep: 1 };
  const fine = { format: (value: number) => toCount(value, 2), smallestStep: 0.01 };
  const share = { format: toShare, smallestStep: 0.001 };
  const { simple, medium, complex } = words.difficulties;
  return el(
    "section",
    {},
    el("h2", {}, words.title),
    el("p", { class: "hint" }, words.hint),
    el(
      "div",
      { class: "plots" },
      createLinePlot({
        ...words.size,
        ...whole,
        series: [toSeries(words.size.title, (sample) => sample.active_conversations)],
      }),
      createLinePlot({
        ...words.age,
        ...fine,
        series: [toSeries(words.age.title, (sample) => sample.average_age_hours)],
      }),
      createLinePlot({
        ...words.views,
        ...fine,
        series: [toSeries(words.views.title, (sample) => sample.view_count_per_conversation)],
      }),
      createLinePlot({
        ...words.fill,
        ...share,
        series: [toSeries(words.fill.title, (sample) => sample.fill_share)],
      }),
      createLinePlot({
        ...words.difficulty,
        ...whole,
        series: [
          toSeries(simple, (sample) => sample.coverage_by_difficulty.simple),
          toSeries(medium, (sample) => sample.coverage_by_difficulty.medium),
          toSeries(complex, (sample) => sample.coverage_by_difficulty.complex),
        ],
      }),
      createLinePlot({
        ...words.topic,
        ...whole,
        series: [
          toSeries(words.topic.fewest, (sample) => sample.coverage_by_topic.fewest),
          toSeries(words.topic.most, (sample) => sample.coverage_by_topic.most),
        ],
      }),
      createLinePlot({
        ...words.alerts,
        ...whole,
        series: [toSeries(words.alerts.title, (sample) => (sample.isLeader ? sample.alerts.length : null))],
      }),
    ),
  );
}
