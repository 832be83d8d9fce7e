import type { ExperimentResults } from "#schema/experiments.ts";
import type { BudgetCard, ServerUsageReport } from "#schema/usage.ts";
import { el } from "../../demo/element.ts";
import { toHash } from "../../demo/frame/route.ts";
import { addMonths, toMonth, toMonthName } from "../../demo/parts/month.ts";
import { toMoney } from "../../demo/parts/to-money.ts";
import type { DeskTools, Panel } from "../panel.ts";
import { createFigureList, type Figure } from "../parts/figure-list.ts";
import { createReadPanel } from "../parts/read-panel.ts";
import { strings } from "../strings.ts";
import { toCount, toShare } from "../to-words.ts";
import { createBudgetSection, toBudgetPath } from "./budget-section.ts";
import { createDayPlots } from "./day-plots.ts";
import { createExperimentTables, readRunningExperiments } from "./experiment-tables.ts";
import { createSpendingTables } from "./spending-tables.ts";

const words = strings.models;
const NAME = "models";

interface Shown {
  usage: ServerUsageReport;
  /** What is so now, and not read of another month. */
  today?: { system: BudgetCard; experiments: ExperimentResults[] };
}

/** What models cost, and what is tried with them. */
export function createModelsPanel(tools: DeskTools): Panel {
  const { call } = tools;
  return createReadPanel<Shown>({
    name: NAME,
    label: strings.panels.models,
    lead: words.lead,
    async read([month]) {
      const usage = call<ServerUsageReport>("GET", "/api/admin/usage", { query: { month } });
      if (month !== undefined) return { usage: await usage };
      const [now, system, experiments] = await Promise.all([
        usage,
        call<BudgetCard>("GET", toBudgetPath("system")),
        readRunningExperiments(call),
      ]);
      return { usage: now, today: { system, experiments } };
    },
    draw: ({ usage, today }) => [
      drawMonths(usage.month),
      ...(usage.calls === 0 ? [drawNothing(usage)] : drawUsage(usage)),
      ...(today
        ? [
            createBudgetSection(tools, today.system, words.system),
            ...createExperimentTables(today.experiments),
          ]
        : []),
    ],
  });
}

/** The month that is shown, and the ways to those beside it. */
function drawMonths(month: string): HTMLElement {
  const current = toMonth(Date.now());
  const later = addMonths(month, 1);
  const link = (id: string, to: string, label: (month: string) => string) =>
    el(
      "a",
      { attrs: { id, href: to === current ? toHash(NAME) : toHash(NAME, to) } },
      label(toMonthName(to)),
    );
  return el(
    "nav",
    { class: "months", attrs: { "aria-label": words.months } },
    link("month-earlier", addMonths(month, -1), words.earlier),
    el("h2", {}, toMonthName(month)),
    later <= current && link("month-later", later, words.later),
  );
}

const drawNothing = ({ month }: ServerUsageReport): HTMLElement =>
  el("p", { class: "empty" }, words.none(toMonthName(month)));

function drawUsage(usage: ServerUsageReport): HTMLElement[] {
  return [createFigureList(toFigures(usage)), createDayPlots(usage), ...createSpendingTables(usage)];
}

function toFigures({ spentUsd, calls, estimates, tokens, cacheHitShare }: ServerUsageReport): Figure[] {
  const { calls: ofCalls, prompts, cache, answers, estimates: ofEstimates, spent } = words.figures;
  return [
    { label: spent, value: toMoney(spentUsd) },
    { label: ofCalls.label, value: toCount(calls), note: ofCalls.note(toMoney(spentUsd / calls)) },
    { ...cache, value: toShare(cacheHitShare) },
    { ...ofEstimates, value: toCount(estimates) },
    { label: prompts.label, value: toCount(tokens.input), note: prompts.note(toCount(tokens.cacheWrite)) },
    { label: answers.label, value: toCount(tokens.output), note: answers.note(toCount(tokens.thinking)) },
  ];
}
