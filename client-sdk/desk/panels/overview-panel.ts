import { el } from "../../demo/element.ts";
import type { Panel, DeskTools } from "../panel.ts";
import { createFigureList } from "../parts/figure-list.ts";
import { createReadPanel } from "../parts/read-panel.ts";
import { createTable } from "../parts/table.ts";
import { strings } from "../strings.ts";
import { toCount, toMoment, toShare } from "../to-words.ts";
import { createCoverageMap, type ShownDifficulty } from "./coverage-map.ts";
import { createPoolPlots } from "./pool-plots.ts";
import type { PoolCoverage, PoolHistory, PoolSample } from "#schema/desk.ts";

const words = strings.overview;

/** The answer to `GET /api/admin/pool`. */
type PoolReport = Pick<
  PoolSample,
  | "active_conversations"
  | "fill_share"
  | "average_age_hours"
  | "view_count_per_conversation"
  | "unique_users_24h"
  | "generation_success_rate"
  | "average_match_score"
  | "coverage_by_difficulty"
  | "isLeader"
> & { alerts: { name: string; sinceMs: number }[] };

/** How the pool is, what is wrong with it, and how it came to be so. */
export function createOverviewPanel({ call, refresh }: DeskTools): Panel {
  let shown: ShownDifficulty = "all";
  return createReadPanel({
    name: "",
    label: strings.panels.overview,
    lead: words.lead,
    async read() {
      const [pool, history, coverage] = await Promise.all([
        call<PoolReport>("GET", "/api/admin/pool"),
        call<PoolHistory>("GET", "/api/admin/pool/history", { query: { points: 240 } }),
        call<PoolCoverage>("GET", "/api/admin/pool/coverage"),
      ]);
      return { pool, history, coverage };
    },
    draw: ({ pool, history, coverage }) => [
      drawAlerts(pool),
      createFigureList(toFigures(pool)),
      createPoolPlots(history.samples),
      drawTopics(history),
      createCoverageMap(coverage, shown, (difficulty) => {
        shown = difficulty;
        refresh();
      }),
    ],
  });
}

function drawAlerts({ alerts, isLeader }: PoolReport): HTMLElement {
  const nowMs = Date.now();
  const told = alerts.map(({ name, sinceMs }) =>
    el(
      "li",
      { class: "note alert" },
      el("strong", {}, name),
      ` ${words.since(toMoment(sinceMs, nowMs))} ${words.alert[name] ?? ""}`,
    ),
  );
  const none = el(
    "p",
    { class: isLeader ? "note fine" : "note" },
    isLeader ? words.noAlerts : words.notLeader,
  );
  return el(
    "section",
    {},
    el("h2", {}, words.alerts),
    told.length === 0 ? none : el("ul", { class: "alerts" }, ...told),
  );
}

function toFigures(pool: PoolReport) {
  const { simple, medium, complex } = pool.coverage_by_difficulty;
  return [
    { ...words.figures.active, value: toCount(pool.active_conversations) },
    { ...words.figures.fill, value: toShare(pool.fill_share) },
    { ...words.figures.age, value: withUnit(pool.average_age_hours, words.hours) },
    { ...words.figures.views, value: toCount(pool.view_count_per_conversation, 2) },
    { ...words.figures.users, value: toCount(pool.unique_users_24h) },
    { ...words.figures.success, value: toShare(pool.generation_success_rate) },
    { ...words.figures.match, value: withUnit(pool.average_match_score, words.ofTen) },
    {
      ...words.figures.coverage,
      value: [simple, medium, complex].map((count) => toCount(count)).join(" / "),
    },
  ];
}

const withUnit = (value: number | null, word: (figure: string) => string): string =>
  value === null ? toCount(null) : word(toCount(value, 1));

/** Long, and seldom asked for: it opens when wanted. */
function drawTopics({ topics }: PoolHistory): HTMLElement {
  return el(
    "details",
    { attrs: { id: "topics-covered" } },
    el("summary", { attrs: { id: "topics-covered-open" } }, words.topics.open(topics.length)),
    createTable({
      id: "topic-coverage",
      title: words.topics.title,
      columns: words.topics.columns,
      rows: topics.map(({ topic, active, simple, medium, complex }) => [
        topic ?? words.topics.removed,
        ...[active, simple, medium, complex].map((count) => toCount(count)),
      ]),
      empty: words.topics.empty,
    }),
  );
}
