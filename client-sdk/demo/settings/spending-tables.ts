import type { UsageReport } from "#schema/usage.ts";
import { el } from "../element.ts";
import { toSpendingTables, type SpendingTable } from "./spending-rows.ts";

/** Where the money went: by provider, by conversation, by month. */
export function createSpendingTables(report: UsageReport): HTMLElement[] {
  return toSpendingTables(report).map(drawTable);
}

function drawTable({ id, title, hint, columns, rows, more }: SpendingTable): HTMLElement {
  const head = columns.map((name) => el("th", { attrs: { scope: "col" } }, name));
  const body = rows.map(([name, ...figures]) =>
    el(
      "tr",
      {},
      el("th", { attrs: { scope: "row" } }, name),
      ...figures.map((figure) => el("td", {}, figure)),
    ),
  );
  return el(
    "div",
    { class: "spending-table" },
    el("h3", { attrs: { id } }, title),
    hint !== undefined && el("p", { class: "hint" }, hint),
    el(
      "table",
      { attrs: { "aria-labelledby": id } },
      el("thead", {}, el("tr", {}, ...head)),
      el("tbody", {}, ...body),
    ),
    more !== "" && el("p", { class: "hint" }, more),
  );
}
