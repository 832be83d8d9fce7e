import type { UsageReport } from "#schema/usage.ts";
import type { Usage } from "../../http/usage.ts";
import { el } from "../element.ts";
import { createLoadedPart } from "../parts/loaded-part.ts";
import { toDayAfter, toMonthName } from "../parts/month.ts";
import { toMoney } from "../parts/to-money.ts";
import { strings } from "../strings.ts";
import type { SettingsSection } from "./settings-section.ts";
import { createSpendingTables } from "./spending-tables.ts";
import { toOfLimitUsd, toSpendingState, type SpendingState } from "./spending-state.ts";

const words = strings.settings.spending;

/** What I have spent on AI models this month, of what I may. */
export function createSpendingSection(deps: { usage: Pick<Usage, "read"> }): SettingsSection {
  const report = createLoadedPart({ load: () => deps.usage.read(), draw });
  return {
    element: el(
      "section",
      { class: "card spending" },
      el("h2", {}, words.title),
      el("p", { class: "hint" }, words.hint),
      report.element,
    ),
    enter: () => void report.load(),
  };
}

function draw(report: UsageReport): HTMLElement {
  const state = toSpendingState(report);
  if (state === "nothing") return el("p", {}, words.nothing);
  return el(
    "div",
    { class: "spending-report" },
    drawState(state, report),
    drawBar(report),
    drawPrepaid(report),
    drawProjection(report),
    ...createSpendingTables(report),
  );
}

function drawState(state: Exclude<SpendingState, "nothing">, { month }: UsageReport): HTMLElement {
  const { name, text } = words.state[state];
  // What stops somebody stands out; that all is well need not.
  const className = state === "active" ? "hint" : "note";
  return el("p", { class: className }, el("strong", {}, name), ` ${text(toDayAfter(month))}`);
}

/** What was spent of the limit, in words and as a bar. */
function drawBar(report: UsageReport): HTMLElement {
  const { limitUsd } = report;
  const spentUsd = toOfLimitUsd(report);
  const id = "spending-of-limit";
  const told = words.spent(toAmount(spentUsd), toMoney(limitUsd), toMonthName(report.month));
  return el(
    "div",
    { class: "spending-bar" },
    el("p", { attrs: { id } }, told),
    limitUsd > 0 && drawMeter(Math.min(100, (100 * spentUsd) / limitUsd), id),
  );
}

/** Not the element of that name: browsers let only parts of it be drawn otherwise. */
function drawMeter(percent: number, labelId: string): HTMLElement {
  const filled = el("div");
  filled.style.width = `${percent}%`;
  const range = { "aria-valuemin": 0, "aria-valuemax": 100, "aria-valuenow": Math.round(percent) };
  return el(
    "div",
    { class: "spending-meter", attrs: { role: "meter", "aria-labelledby": labelId, ...range } },
    filled,
  );
}

function drawPrepaid({ spentPrepaidUsd, prepaidUsd }: UsageReport): HTMLElement | null {
  if (spentPrepaidUsd > 0) {
    return el("p", { class: "hint" }, words.prepaid(toAmount(spentPrepaidUsd), toMoney(prepaidUsd)));
  }
  return prepaidUsd === 0 ? null : el("p", { class: "hint" }, words.prepaidUnused(toMoney(prepaidUsd)));
}

/** Where nothing goes on, nothing will have come to anything. */
function drawProjection({ projectedUsd, calls, status }: UsageReport): HTMLElement | null {
  if (projectedUsd === null || calls === 0 || status === "suspended") return null;
  return el("p", { class: "hint" }, words.projected(toAmount(projectedUsd)));
}

const toAmount = (usd: number): string => (usd > 0 && usd < 0.01 ? words.lessThanACent : toMoney(usd));
