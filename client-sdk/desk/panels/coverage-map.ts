import { el } from "../../demo/element.ts";
import { createTable } from "../parts/table.ts";
import { strings } from "../strings.ts";
import { toCount, toDayAndTime } from "../to-words.ts";
import { toLevel } from "./to-level.ts";
import type { PoolCoverage } from "#schema/desk.ts";

const words = strings.overview.coverage;

const DIFFICULTIES = ["all", "simple", "medium", "complex"] as const;
export type ShownDifficulty = (typeof DIFFICULTIES)[number];

/** Coverage by topic over the last week: a table whose cells are coloured by how many there were. */
export function createCoverageMap(
  coverage: PoolCoverage,
  shown: ShownDifficulty,
  onChoose: (difficulty: ShownDifficulty) => void,
): HTMLElement {
  const counts = coverage.topics.map((topic) => countsOf(topic, shown));
  const most = Math.max(0, ...counts.flat());
  return el(
    "details",
    { attrs: { id: "coverage-over-time" } },
    el("summary", { attrs: { id: "coverage-over-time-open" } }, words.open),
    createChoice(shown, onChoose),
    createTable({
      id: "coverage-map",
      title: words.title,
      hint: words.hint,
      columns: [words.topic, ...coverage.hours.map((atMs) => `${toDayAndTime(atMs)}#`)],
      rows: coverage.topics.map(({ topic }, index) => [
        topic ?? strings.overview.topics.removed,
        ...(counts[index] ?? []).map((count) =>
          el("span", { class: `heat heat-${toLevel(count, most)}` }, toCount(count)),
        ),
      ]),
      empty: words.empty,
    }),
  );
}

function createChoice(shown: ShownDifficulty, onChoose: (difficulty: ShownDifficulty) => void): HTMLElement {
  const options = DIFFICULTIES.map((difficulty) =>
    el(
      "option",
      { attrs: { value: difficulty, selected: difficulty === shown } },
      difficulty === "all" ? words.all : strings.plots.difficulties[difficulty],
    ),
  );
  const select = el(
    "select",
    {
      class: "field short",
      attrs: { id: "coverage-difficulty" },
      on: { change: () => onChoose(DIFFICULTIES.find((each) => each === select.value) ?? "all") },
    },
    ...options,
  );
  return el("p", { class: "choice" }, el("label", { attrs: { for: select.id } }, words.difficulty), select);
}

function countsOf(topic: PoolCoverage["topics"][number], shown: ShownDifficulty): number[] {
  const { simple, medium, complex } = topic;
  if (shown !== "all") return topic[shown];
  return simple.map((count, index) => count + (medium[index] ?? 0) + (complex[index] ?? 0));
}
