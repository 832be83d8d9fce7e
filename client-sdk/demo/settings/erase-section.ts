import { el } from "../element.ts";
import { strings } from "../strings.ts";
import type { SettingsSection } from "./settings-section.ts";

const words = strings.settings;

/** Deletes everything, in two steps: the first only asks. */
export function createEraseSection(deps: {
  erase(): Promise<void>;
  say(text: string): void;
}): SettingsSection {
  const ask = el(
    "button",
    {
      class: "button danger erase",
      attrs: { type: "button", "aria-expanded": "false" },
      on: { click: open },
    },
    words.erase,
  );
  const no = el(
    "button",
    { class: "button", attrs: { type: "button" }, on: { click: close } },
    words.confirmNo,
  );
  const yes = el(
    "button",
    { class: "button danger erase-yes", attrs: { type: "button" }, on: { click: () => void erase() } },
    words.confirmYes,
  );
  const confirm = el(
    "div",
    {
      class: "confirm",
      attrs: {
        hidden: true,
        role: "group",
        "aria-labelledby": "confirm-title",
        "aria-describedby": "confirm-text",
      },
      on: { keydown: (event) => event.key === "Escape" && close() },
    },
    el("h3", { attrs: { id: "confirm-title" } }, words.confirm),
    el("p", { attrs: { id: "confirm-text" } }, words.confirmText),
    el("div", { class: "confirm-actions" }, no, yes),
  );

  function show(isAsking: boolean): void {
    confirm.hidden = !isAsking;
    ask.hidden = isAsking;
    ask.setAttribute("aria-expanded", String(isAsking));
  }

  function open(): void {
    show(true);
    confirm.scrollIntoView({ block: "nearest" });
    // The answer that harms nobody is nearest.
    no.focus({ preventScroll: true });
  }

  function close(): void {
    show(false);
    ask.focus();
  }

  async function erase(): Promise<void> {
    if (yes.getAttribute("aria-disabled") === "true") return;
    yes.setAttribute("aria-disabled", "true");
    yes.textContent = words.erasing;
    try {
      await deps.erase();
    } catch {
      deps.say(words.failed);
    } finally {
      yes.removeAttribute("aria-disabled");
      yes.textContent = words.confirmYes;
    }
  }

  return {
    element: el(
      "section",
      { class: "card" },
      el("h2", {}, words.erase),
      el("p", { class: "hint" }, words.eraseHint),
      ask,
      confirm,
    ),
    // Left with the question open, it is asked anew next time.
    enter: () => show(false),
  };
}
