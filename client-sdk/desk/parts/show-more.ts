import { el } from "../../demo/element.ts";
import { strings } from "../strings.ts";

/** Below a list: how much of it is shown, and where there is more, a button for that. */
export function createShowMore(
  { items, more }: { items: readonly unknown[]; more: boolean },
  showMore: () => void,
): HTMLElement {
  const button = el(
    "button",
    { class: "button", attrs: { type: "button", id: "show-more" }, on: { click: showMore } },
    strings.showMore,
  );
  return el(
    "div",
    { class: "show-more" },
    // An empty list says so itself.
    items.length > 0 && el("p", { class: "hint" }, strings.shown(items.length, more)),
    more && button,
  );
}
