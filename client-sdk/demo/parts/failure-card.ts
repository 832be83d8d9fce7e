import type { ParleyError } from "../../parley-error.ts";
import { drawAvatar } from "../avatar/draw-avatar.ts";
import { el } from "../element.ts";
import { strings } from "../strings.ts";

export interface FailureCard {
  element: HTMLElement;
  /** Seconds until the next try by itself; `null`: none is coming. */
  count(seconds: number | null): void;
}

export interface FailureActions {
  tryAgain(): void;
  openRooms(): void;
  openChatlings(): void;
}

/** What went wrong in plain words, and what one can do now. */
export function createFailureCard(failure: ParleyError, actions: FailureActions): FailureCard {
  const known = strings.failures[failure.code] ?? strings.failures["unknown"];
  const wait = el("p", { class: "failure-wait", attrs: { "aria-live": "off" } });
  const element = el(
    "section",
    { class: "failure", attrs: { role: "alert" } },
    drawAvatar({ id: `lost ${failure.code}`, element: "shadow" }, "negative"),
    el("h1", {}, known?.title),
    el("p", {}, known?.text),
    el("div", { class: "failure-actions" }, ...createActions(failure.code, actions)),
    wait,
  );
  return {
    element,
    count(seconds) {
      wait.textContent = seconds === null ? "" : strings.retryIn(seconds);
    },
  };
}

/** What helps comes first. */
function createActions(code: string, actions: FailureActions): HTMLElement[] {
  const again = [strings.tryAgain, () => actions.tryAgain()] as const;
  const rooms = [strings.places.rooms, () => actions.openRooms()] as const;
  const chatlings = [strings.places.chatlings, () => actions.openChatlings()] as const;
  const reload = [strings.loadAgain, () => window.location.reload()] as const;
  const helpful: Record<string, (typeof again)[]> = {
    "too-few-chatlings": [chatlings, again],
    "client-outdated": [reload],
  };
  const offered = helpful[code] ?? [again, rooms];
  return offered.map(([label, click], index) =>
    el(
      "button",
      { class: index === 0 ? "button primary" : "button", attrs: { type: "button" }, on: { click } },
      label,
    ),
  );
}
