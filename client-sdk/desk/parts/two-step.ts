import { el } from "../../demo/element.ts";
import { strings } from "../strings.ts";
import { toReason } from "./to-reason.ts";

/** A button for what cannot be undone: the first press only asks. While it asks, its panel is not drawn anew. */
export function createTwoStep(settings: {
  id: string;
  label: string;
  question: string;
  yes: string;
  act(): Promise<void>;
}): HTMLElement {
  const ask = button(settings.label, "button danger", () => show(true));
  ask.id = settings.id;
  const yes = button(settings.yes, "button danger", () => void act());
  const no = button(strings.keep, "button", () => show(false));
  const problem = el("p", { class: "problem", attrs: { role: "alert" } });
  const question = el(
    "div",
    {
      class: "question",
      attrs: { role: "group", "aria-label": settings.question, hidden: true },
      on: { keydown: (event) => event.key === "Escape" && show(false) },
    },
    el("p", {}, settings.question),
    no,
    yes,
    problem,
  );
  const element = el("div", { class: "two-step" }, ask, question);

  function show(asks: boolean): void {
    question.hidden = !asks;
    ask.hidden = asks;
    problem.textContent = "";
    element.toggleAttribute("data-asking", asks);
    // The answer that harms nobody is nearest.
    (asks ? no : ask).focus();
  }

  async function act(): Promise<void> {
    if (yes.getAttribute("aria-disabled") === "true") return;
    yes.setAttribute("aria-disabled", "true");
    problem.textContent = "";
    try {
      await settings.act();
      show(false);
    } catch (error) {
      problem.textContent = strings.failed(toReason(error));
    } finally {
      yes.removeAttribute("aria-disabled");
    }
  }

  return element;
}

function button(label: string, name: string, click: () => void): HTMLButtonElement {
  return el("button", { class: name, attrs: { type: "button" }, on: { click } }, label);
}
