import { el } from "../../demo/element.ts";

type Cell = Node | string;

/** A titled table that scrolls sideways in itself, or what to say where there are no rows. The first cell names a row. */
export function createTable(settings: {
  /** The same whenever it is drawn anew, so that focus and scrolling stay. */
  id: string;
  title: string;
  hint?: string;
  /** A column whose name ends in "#" holds figures; the sign is not shown. */
  columns: readonly string[];
  rows: readonly (readonly Cell[])[];
  empty: string;
}): HTMLElement {
  const titleId = `${settings.id}-title`;
  return el(
    "section",
    { class: "table" },
    el("h2", { attrs: { id: titleId } }, settings.title),
    settings.hint !== undefined && el("p", { class: "hint" }, settings.hint),
    settings.rows.length === 0
      ? el("p", { class: "empty" }, settings.empty)
      : el(
          "div",
          // Scrolled by keyboard, it has to be a stop of the Tab key.
          {
            class: "scroll",
            attrs: { id: settings.id, role: "group", tabindex: 0, "aria-labelledby": titleId },
          },
          drawTable(settings.columns, settings.rows, titleId),
        ),
  );
}

function drawTable(
  columns: readonly string[],
  rows: readonly (readonly Cell[])[],
  titleId: string,
): HTMLElement {
  const classOf = (index: number): { class?: string } =>
    columns[index]?.endsWith("#") === true ? { class: "figure" } : {};
  const drawRow = (cells: readonly Cell[]) =>
    el(
      "tr",
      {},
      ...cells.map((cell, index) =>
        index === 0 ? el("th", { attrs: { scope: "row" } }, cell) : el("td", classOf(index), cell),
      ),
    );
  const head = columns.map((name, index) =>
    el("th", { ...classOf(index), attrs: { scope: "col" } }, name.replace(/#$/, "")),
  );
  return el(
    "table",
    { attrs: { "aria-labelledby": titleId } },
    el("thead", {}, el("tr", {}, ...head)),
    el("tbody", {}, ...rows.map(drawRow)),
  );
}
