import { el } from "../element.ts";
import { strings } from "../strings.ts";

const words = strings.collection;
let made = 0;

/** Whether a chatling gets parts or rests, with what that means beside it. */
export function createAwakeSwitch(toggle: (awake: boolean) => void): {
  element: HTMLElement;
  update(isAwake: boolean): void;
} {
  const hintId = `awake-hint-${++made}`;
  const hint = el("span", { class: "hint", attrs: { id: hintId } });
  const button = el(
    "button",
    {
      class: "switch",
      attrs: { type: "button", role: "switch", "aria-describedby": hintId },
      on: { click: () => toggle(button.getAttribute("aria-checked") !== "true") },
    },
    el("span", { class: "switch-track", attrs: { "aria-hidden": "true" } }, el("i")),
    words.awake,
  );
  return {
    element: el("div", { class: "awake" }, button, hint),
    update(isAwake) {
      button.setAttribute("aria-checked", String(isAwake));
      hint.textContent = isAwake ? words.awakeHint : words.restHint;
    },
  };
}
