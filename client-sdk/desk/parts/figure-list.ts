import { el } from "../../demo/element.ts";

export interface Figure {
  label: string;
  value: string;
  /** What it means. */
  note?: string;
}

/** Figures with their names and, in plain words, what they mean. */
export function createFigureList(figures: readonly Figure[]): HTMLElement {
  return el(
    "dl",
    { class: "figures" },
    ...figures.map(({ label, value, note }) =>
      el(
        "div",
        {},
        el("dt", {}, label),
        el("dd", { class: "value" }, value),
        note !== undefined && el("dd", { class: "hint" }, note),
      ),
    ),
  );
}
