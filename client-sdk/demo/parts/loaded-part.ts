import { el } from "../element.ts";
import { strings } from "../strings.ts";

export interface LoadedPart {
  element: HTMLElement;
  load(): Promise<void>;
  /** Draws what was loaded once more, as after a filter has changed. */
  redraw(): void;
}

/** A part of a screen that has to be loaded: busy meanwhile, and where it fails, another try is offered. */
export function createLoadedPart<T>(deps: { load(): Promise<T>; draw(loaded: T): HTMLElement }): LoadedPart {
  const element = el("div", { class: "loaded" });
  let known: { loaded: T } | undefined;

  function redraw(): void {
    if (known) element.replaceChildren(deps.draw(known.loaded));
  }

  async function load(): Promise<void> {
    element.setAttribute("aria-busy", "true");
    if (!known) element.replaceChildren(el("p", { class: "empty" }, strings.loading));
    try {
      known = { loaded: await deps.load() };
      redraw();
    } catch {
      known = undefined;
      element.replaceChildren(createFailedLoad(() => void load()));
    } finally {
      element.removeAttribute("aria-busy");
    }
  }

  return { element, load, redraw };
}

/** Says that something could not be loaded, and offers another try. */
export function createFailedLoad(tryAgain: () => void): HTMLElement {
  return el(
    "p",
    { class: "empty", attrs: { role: "alert" } },
    strings.loadFailed,
    " ",
    el("button", { class: "link", attrs: { type: "button" }, on: { click: tryAgain } }, strings.tryAgain),
  );
}
