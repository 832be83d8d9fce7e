import { el } from "../element.ts";
import { icon, type IconName } from "../parts/icons.ts";
import { strings } from "../strings.ts";
import { readRoute, toHash } from "./route.ts";
import type { Screen } from "./screen.ts";

/** A screen with its place in the navigation. */
export interface Place {
  /** In the address; "" for the first. */
  name: string;
  label: string;
  icon: IconName;
  screen: Screen;
}

export interface Frame {
  element: HTMLElement;
  /** Shows the screen in the address, and from then on every one the address changes to. */
  start(): void;
  /** The shown screen's title has changed. */
  retitle(): void;
}

/** The navigation and the screens behind it. The address tells which is shown, so the back button works. */
export function createFrame(places: readonly [Place, ...Place[]], ...notices: readonly HTMLElement[]): Frame {
  const links = places.map(({ name, label, icon: drawing }) =>
    el(
      "a",
      { class: "place", attrs: { href: name === "" ? toHash() : toHash(name) } },
      icon(drawing),
      el("span", {}, label),
    ),
  );
  const element = el(
    "div",
    { class: "frame" },
    el(
      "header",
      { class: "frame-head" },
      el("span", { class: "brand", attrs: { "aria-hidden": "true" } }, strings.brand),
      el("nav", { class: "places", attrs: { "aria-label": strings.places.label } }, ...links),
    ),
    el("main", { class: "screens" }, ...places.map(({ screen }) => screen.element), ...notices),
  );
  let shown = places[0];

  function show(): void {
    const { name, path } = readRoute(location.hash);
    shown = places.find((place) => place.name === name) ?? places[0];
    places.forEach((place, index) => {
      place.screen.element.classList.toggle("offstage", place !== shown);
      if (place === shown) links[index]?.setAttribute("aria-current", "page");
      else links[index]?.removeAttribute("aria-current");
    });
    const focus = shown.screen.enter(path);
    retitle();
    if (started) takeFocus(focus ?? shown.screen.element.querySelector("h1") ?? shown.screen.element);
  }

  function retitle(): void {
    document.title = strings.title(shown.screen.title());
  }

  let started = false;
  return {
    element,
    start() {
      window.addEventListener("hashchange", show);
      show();
      // On arrival the page itself has the focus; afterwards it goes along with the screen.
      started = true;
    },
    retitle,
  };
}

/** Headings and screens take the focus when told to, and are no stop for the Tab key. */
function takeFocus(target: HTMLElement): void {
  if (!target.matches("a, button, input, textarea, select, [tabindex]")) target.tabIndex = -1;
  target.focus({ preventScroll: target.tabIndex === -1 });
}
