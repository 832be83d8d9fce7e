import { el } from "../element.ts";
import { strings } from "../strings.ts";
import { createQuestion } from "./question.ts";
import type { SettingsSection } from "./settings-section.ts";

const words = strings.settings;

/** Deletes everything, in two steps: the first only asks. */
export function createEraseSection(deps: {
  erase(): Promise<void>;
  say(text: string): void;
}): SettingsSection {
  const asker = el(
    "button",
    { class: "button danger erase", attrs: { type: "button" }, on: { click: () => question.ask() } },
    words.erase,
  );
  const question = createQuestion({
    asker,
    title: words.confirm,
    text: words.confirmText,
    yes: words.confirmYes,
    no: words.confirmNo,
    busy: words.erasing,
    yesClass: "erase-yes",
    run: () => deps.erase(),
    failed: () => deps.say(words.failed),
  });
  return {
    element: el(
      "section",
      { class: "card" },
      el("h2", {}, words.erase),
      el("p", { class: "hint" }, words.eraseHint),
      asker,
      question.element,
    ),
    // Left with the question open, it is asked anew next time.
    enter: () => question.close(),
  };
}
