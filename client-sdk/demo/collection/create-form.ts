import type { Chatling, NewChatling } from "#schema/api.ts";
import { ELEMENTS, type Element } from "#schema/vocabulary.ts";
import { ParleyError } from "../../parley-error.ts";
import { el } from "../element.ts";
import { createFormField } from "../parts/form-field.ts";
import { strings } from "../strings.ts";

const words = strings.create;

/** Makes a chatling from a name, a few words about its character, and an element. */
export function createCreateForm(deps: {
  create(wish: NewChatling): Promise<Chatling>;
  created(made: Chatling): void;
}): { element: HTMLFormElement; enter(): void } {
  const name = createFormField({ label: words.name, maxLength: 40, required: true });
  const character = createFormField({
    label: words.character,
    hint: words.characterHint,
    maxLength: 1000,
    required: true,
    rows: 3,
  });
  const backstory = createFormField({ label: words.backstory, maxLength: 4000, rows: 3 });
  const problem = el("p", { class: "problem", attrs: { role: "alert" } });
  const submit = el("button", { class: "button primary", attrs: { type: "submit" } }, words.submit);
  const element = el(
    "form",
    { class: "form", on: { submit: (event) => void onSubmit(event) } },
    name.element,
    character.element,
    el(
      "fieldset",
      { class: "elements" },
      el("legend", {}, words.element),
      ...ELEMENTS.map((value) =>
        el(
          "label",
          { class: "choice" },
          el("input", { attrs: { type: "radio", name: "element", value, checked: value === "nature" } }),
          el("span", { attrs: { "data-element": value } }, strings.element[value] ?? value),
        ),
      ),
    ),
    backstory.element,
    problem,
    submit,
  );

  async function onSubmit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (submit.getAttribute("aria-disabled") === "true" || !name.check() || !character.check()) return;
    problem.textContent = "";
    submit.setAttribute("aria-disabled", "true");
    try {
      const made = await deps.create({
        name: name.value(),
        personality: character.value(),
        backstory: backstory.value(),
        element: new FormData(element).get("element") as Element,
      });
      element.reset();
      deps.created(made);
    } catch (error) {
      const isFull = error instanceof ParleyError && error.code === "collection-full";
      problem.textContent = isFull ? words.full : strings.collection.failed;
    } finally {
      submit.removeAttribute("aria-disabled");
    }
  }

  return {
    element,
    // What was written stays, what went wrong with it does not.
    enter() {
      problem.textContent = "";
    },
  };
}
