import { el } from "../element.ts";

/** Speaks to screen readers, politely and one thing at a time: what is said in a rush, only its last is read. */
export function createAnnouncer(): { element: HTMLElement; say(text: string): void } {
  const element = el("div", { class: "visually-hidden", attrs: { "aria-live": "polite", role: "status" } });
  let waiting: number | undefined;
  return {
    element,
    say(text) {
      clearTimeout(waiting);
      waiting = window.setTimeout(() => {
        element.textContent = text;
      }, 150);
    },
  };
}
