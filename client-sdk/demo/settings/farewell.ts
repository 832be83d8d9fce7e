import { el } from "../element.ts";
import { strings } from "../strings.ts";

const words = strings.settings;

export interface Farewell {
  element: HTMLElement;
  focus(): void;
}

/** What is left where nobody is any more: what has happened, and the way to start anew. */
export function createFarewell(said: { title: string; text: string }): Farewell {
  const heading = el("h1", { attrs: { tabindex: -1 } }, said.title);
  return {
    element: el(
      "main",
      { class: "screen" },
      el(
        "div",
        { class: "failure farewell" },
        heading,
        el("p", {}, said.text),
        el("a", { class: "button primary", attrs: { href: "/" } }, words.anew),
      ),
    ),
    focus: () => heading.focus(),
  };
}
