import type { Connection } from "../../room/room-link.ts";
import { el } from "../element.ts";
import { strings } from "../strings.ts";

/** Shorter interruptions than this go unmentioned. */
const PATIENCE_MS = 500;
const RELIEF_MS = 1600;

/** Says that the connection is away while it is, shortly that it is back, and nothing otherwise. */
export function createConnectionBanner(): { element: HTMLElement; update(connection: Connection): void } {
  const text = el("span");
  const element = el(
    "div",
    { class: "banner", attrs: { role: "status", hidden: true } },
    el("span", { class: "banner-dot", attrs: { "aria-hidden": "true" } }),
    text,
  );
  let shown: "none" | "away" | "back" = "none";
  let timer: number | undefined;

  function show(next: typeof shown): void {
    shown = next;
    element.hidden = next === "none";
    element.dataset["state"] = next;
    if (next === "away") text.textContent = navigator.onLine ? strings.reconnecting : strings.offline;
    if (next === "back") text.textContent = strings.backAgain;
  }

  return {
    element,
    update(connection) {
      if (connection === "reconnecting") {
        if (shown === "away" || timer !== undefined) return;
        timer = window.setTimeout(() => {
          timer = undefined;
          show("away");
        }, PATIENCE_MS);
        return;
      }
      clearTimeout(timer);
      timer = undefined;
      if (shown !== "away") return;
      if (connection === "closed") return show("none");
      show("back");
      window.setTimeout(() => {
        if (shown === "back") show("none");
      }, RELIEF_MS);
    },
  };
}
