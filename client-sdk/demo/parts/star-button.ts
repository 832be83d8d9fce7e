import { el } from "../element.ts";
import { strings } from "../strings.ts";
import { icon } from "./icons.ts";

export interface StarButton {
  element: HTMLButtonElement;
  update(isFavorite: boolean): void;
}

/** The star that makes a chatling a favorite; `toggle` is told what is wished. */
export function createStarButton(name: string, toggle: (wanted: boolean) => void): StarButton {
  const element = el(
    "button",
    {
      class: "star",
      attrs: { type: "button", "aria-label": strings.favorite(name), title: strings.favoriteHint },
      on: { click: () => toggle(element.getAttribute("aria-pressed") !== "true") },
    },
    icon("star"),
  );
  return {
    element,
    update: (isFavorite) => element.setAttribute("aria-pressed", String(isFavorite)),
  };
}
