import { el, svg } from "../../demo/element.ts";
import { toScale, toTicks } from "./scale.ts";
import type { Series } from "./series.ts";
import { TIME_OF_DAY, type TimeAxis } from "./time-axis.ts";
import { toPath } from "./to-path.ts";
import { toSummary } from "./to-summary.ts";

const WIDTH = 360;
const HEIGHT = 190;
const INSIDE = { left: 46, right: 350, top: 24, bottom: 150 };

let made = 0;

interface PlotSettings {
  title: string;
  /** What the value axis counts, and in which unit. */
  unit: string;
  format: (value: number) => string;
  /** The smallest difference that `format` shows. */
  smallestStep: number;
  series: readonly Series[];
  /** The time of day where not given. */
  time?: TimeAxis;
}

/** A plot over time, with its axes named and all of it told in words as well. The value axis begins at zero. */
export function createLinePlot(settings: PlotSettings): HTMLElement {
  const id = `plot-${++made}`;
  const { title, format, series, time = TIME_OF_DAY } = settings;
  return el(
    "figure",
    { class: "plot" },
    el("h3", { attrs: { id } }, title),
    el("p", { class: "hint", attrs: { id: `${id}-told` } }, toSummary(series, format, time)),
    svg(
      "svg",
      {
        viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
        role: "img",
        "aria-labelledby": id,
        "aria-describedby": `${id}-told`,
      },
      ...drawPlot(settings),
    ),
    series.length > 1 && createLegend(series),
  );
}

function drawPlot({ series, unit, format, smallestStep, time = TIME_OF_DAY }: PlotSettings): SVGElement[] {
  const points = series.flatMap((each) => each.points);
  const times = points.map(({ atMs }) => atMs);
  const [fromMs, untilMs] = [Math.min(...times), Math.max(...times)];
  const ticks = toTicks(0, Math.max(0, ...points.map(({ value }) => value ?? 0)), smallestStep);
  const x = toScale(fromMs, untilMs, INSIDE.left, INSIDE.right);
  const y = toScale(0, ticks.at(-1) ?? 1, INSIDE.bottom, INSIDE.top);
  return [
    svg("text", { x: 2, y: 12, class: "axis-name" }, unit),
    ...ticks.flatMap((tick) => [
      svg("line", { x1: INSIDE.left, x2: INSIDE.right, y1: y(tick), y2: y(tick), class: "grid" }),
      svg("text", { x: INSIDE.left - 6, y: y(tick) + 4, "text-anchor": "end" }, format(tick)),
    ]),
    ...(points.length === 0 ? [] : drawTimes(fromMs, untilMs, time, x)),
    svg(
      "text",
      { x: (INSIDE.left + INSIDE.right) / 2, y: HEIGHT - 4, "text-anchor": "middle", class: "axis-name" },
      time.name,
    ),
    ...series.map((each, index) =>
      svg("path", { d: toPath(each.points, x, y), class: `line line-${index}` }),
    ),
  ];
}

/** First, middle and last moment; one alone where they are the same. */
function drawTimes(
  fromMs: number,
  untilMs: number,
  time: TimeAxis,
  x: (atMs: number) => number,
): SVGElement[] {
  const moments = fromMs === untilMs ? [fromMs] : [fromMs, (fromMs + untilMs) / 2, untilMs];
  const anchors = fromMs === untilMs ? ["middle"] : ["start", "middle", "end"];
  return moments.map((atMs, index) =>
    svg("text", { x: x(atMs), y: INSIDE.bottom + 17, "text-anchor": anchors[index] }, time.format(atMs)),
  );
}

function createLegend(series: readonly Series[]): HTMLElement {
  return el(
    "ul",
    { class: "legend" },
    ...series.map(({ label }, index) =>
      el(
        "li",
        {},
        svg(
          "svg",
          { viewBox: "0 0 28 8", "aria-hidden": "true" },
          svg("path", { d: "M1 4H27", class: `line line-${index}` }),
        ),
        label,
      ),
    ),
  );
}
