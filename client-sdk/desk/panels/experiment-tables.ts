import type { ListPage } from "#schema/api.ts";
import type { ExperimentCard, ExperimentResults } from "#schema/experiments.ts";
import { el } from "../../demo/element.ts";
import type { DeskCall } from "../desk-session.ts";
import { createTable } from "../parts/table.ts";
import { strings } from "../strings.ts";
import { toCount, toShare } from "../to-words.ts";
import { toExperimentTable } from "./to-experiment-table.ts";

const words = strings.experiments;
const API = "/api/admin/experiments";

/** Results of the experiments that are on. */
export async function readRunningExperiments(call: DeskCall): Promise<ExperimentResults[]> {
  const { items } = await call<ListPage<ExperimentCard>>("GET", API);
  const running = items.filter(({ isOn }) => isOn);
  return Promise.all(
    running.map(({ id }) => call<ExperimentResults>("GET", `${API}/${encodeURIComponent(id)}`)),
  );
}

/** How the arms of each experiment do. */
export function createExperimentTables(experiments: readonly ExperimentResults[]): HTMLElement[] {
  if (experiments.length > 0) return experiments.map(drawExperiment);
  return [el("section", {}, el("h2", {}, words.title), el("p", { class: "empty" }, words.none))];
}

function drawExperiment(experiment: ExperimentResults): HTMLElement {
  const { id, question, share, days, minimum } = experiment;
  const { columns, rows } = toExperimentTable(experiment);
  const hints = [question, words.hint(toShare(share), toCount(days)), words.tooFewHint(toCount(minimum))];
  return createTable({
    id: `experiment-${id}`,
    title: words.one(id),
    hint: hints.join(" "),
    columns: columns.map((name, index) => (index === 0 ? name : `${name}#`)),
    rows,
    empty: words.tooFew,
  });
}
