import { el } from "../element.ts";
import { strings } from "../strings.ts";

const words = strings.settings;

/** What is left when everything has been deleted. */
export function createFarewell(): { element: HTMLElement; focus(): void } {
  const heading = el("h1", { attrs: { tabindex: -1 } }, words.gone);
  return {
    element: el(
      "main",
      { class: "screen" },
      el(
        "div",
        { class: "failure farewell" },
        heading,
        el("p", {}, words.goneText),
        el("a", { class: "button primary", attrs: { href: "/" } }, words.anew),
      ),
    ),
    focus: () => heading.focus(),
  };
}
