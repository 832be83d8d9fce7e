import { el } from "../element.ts";
import { icon } from "../parts/icons.ts";
import { strings } from "../strings.ts";

const words = strings.collection;
const LONGEST_NAME = 40;

/** A heading with a name that can be changed on the spot: Enter saves, Escape leaves it as it was. */
export function createNameEditor(rename: (name: string) => void): {
  element: HTMLElement;
  heading: HTMLElement;
  update(name: string): void;
} {
  const text = el("bdi");
  const heading = el("h1", {}, text);
  const pen = el("button", { class: "pen", attrs: { type: "button" }, on: { click: open } }, icon("pen"));
  const input = el("input", {
    class: "field",
    attrs: {
      "aria-label": words.name,
      maxlength: LONGEST_NAME,
      "aria-required": "true",
      dir: "auto",
      autocomplete: "off",
      enterkeyhint: "done",
    },
  });
  const problem = el("p", { class: "problem", attrs: { role: "status" } });
  const cancel = { class: "button", attrs: { type: "button" }, on: { click: close } };
  const form = el(
    "form",
    { class: "name-form", attrs: { hidden: true }, on: { submit: save, keydown: onKey } },
    input,
    problem,
    el("button", { class: "button primary", attrs: { type: "submit" } }, words.save),
    el("button", cancel, words.cancel),
  );
  const shown = el("div", { class: "name-shown" }, heading, pen);

  function open(): void {
    input.value = text.textContent ?? "";
    problem.textContent = "";
    toggle(true);
    input.select();
  }

  function close(): void {
    toggle(false);
    pen.focus();
  }

  function toggle(editing: boolean): void {
    form.hidden = !editing;
    pen.hidden = editing;
    // Not gone: the page keeps its heading for those who find their way by headings.
    heading.classList.toggle("visually-hidden", editing);
  }

  function onKey(event: KeyboardEvent): void {
    if (event.key !== "Escape") return;
    event.preventDefault();
    close();
  }

  function save(event: SubmitEvent): void {
    event.preventDefault();
    const name = input.value.trim();
    problem.textContent = name === "" ? strings.fieldEmpty : "";
    if (name === "") return input.focus();
    close();
    if (name !== text.textContent) rename(name);
  }

  return {
    element: el("div", { class: "name-editor" }, shown, form),
    heading,
    update(name) {
      text.textContent = name;
      pen.setAttribute("aria-label", words.rename(name));
    },
  };
}
