import { el } from "../element.ts";

const SHOWN_MS = 4000;

/** A short remark at the bottom that goes away by itself. */
export function createToast(): { element: HTMLElement; show(text: string): void } {
  const element = el("div", { class: "toast", attrs: { role: "status", hidden: true } });
  let timer: number | undefined;
  return {
    element,
    show(text) {
      element.textContent = text;
      element.hidden = false;
      clearTimeout(timer);
      timer = window.setTimeout(() => {
        element.hidden = true;
      }, SHOWN_MS);
    },
  };
}
