import type { ParleyError } from "../../parley-error.ts";
import { drawAvatar } from "../avatar/draw-avatar.ts";
import { el } from "../element.ts";
import { strings } from "../strings.ts";

export interface FailureCard {
  element: HTMLElement;
  /** Seconds until the next try by itself; `null`: none is coming. */
  count(seconds: number | null): void;
}

/** What went wrong in plain words, and what one can do now. */
export function createFailureCard(
  failure: ParleyError,
  actions: { tryAgain(): void; openRooms(): void },
): FailureCard {
  const known = strings.failures[failure.code] ?? strings.failures["unknown"];
  const wait = el("p", { class: "failure-wait", attrs: { "aria-live": "off" } });
  const element = el(
    "section",
    { class: "failure", attrs: { role: "alert" } },
    drawAvatar({ id: `lost ${failure.code}`, element: "shadow" }, "negative"),
    el("h2", {}, known?.title),
    el("p", {}, known?.text),
    el(
      "div",
      { class: "failure-actions" },
      el("button", { class: "button primary", on: { click: () => actions.tryAgain() } }, strings.tryAgain),
      el("button", { class: "button", on: { click: () => actions.openRooms() } }, strings.rooms.open),
    ),
    wait,
  );
  return {
    element,
    count(seconds) {
      wait.textContent = seconds === null ? "" : strings.retryIn(seconds);
    },
  };
}
