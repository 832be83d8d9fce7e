import { el, setText } from "../element.ts";
import { strings } from "../strings.ts";

export interface FormField {
  element: HTMLElement;
  /** What was written, without the space around it. */
  value(): string;
  /** Whoever waits in the field already writes over what is filled in, as after tabbing to it. */
  fill(value: string): void;
  /** Whether something is written where something must be; where not, it says so and takes the focus. */
  check(): boolean;
}

let made = 0;

/** A labelled line or, with `rows`, a box to write in. */
export function createFormField(settings: {
  label: string;
  hint?: string;
  maxLength: number;
  required?: boolean;
  rows?: number;
}): FormField {
  const id = `field-${++made}`;
  const hintId = `${id}-hint`;
  const problemId = `${id}-problem`;
  const attrs = {
    id,
    maxlength: settings.maxLength,
    // Not `required`: the browser would say so in its own words and language, and for an instant only.
    "aria-required": settings.required === true ? "true" : undefined,
    dir: "auto",
    autocomplete: "off",
    "aria-describedby": settings.hint === undefined ? problemId : `${hintId} ${problemId}`,
  };
  const problem = el("p", { class: "problem", attrs: { id: problemId, role: "status" } });
  const on = {
    input: () => {
      input.removeAttribute("aria-invalid");
      // What is pasted is cut there without a word.
      setText(problem, input.value.length < settings.maxLength ? "" : strings.fieldFull(settings.maxLength));
    },
  };
  const input =
    settings.rows === undefined
      ? el("input", { class: "field", attrs, on })
      : el("textarea", { class: "field", attrs: { ...attrs, rows: settings.rows }, on });
  const value = () => input.value.trim();
  const element = el(
    "div",
    { class: "form-field" },
    el("label", { attrs: { for: id } }, settings.label),
    settings.hint !== undefined && el("p", { class: "hint", attrs: { id: hintId } }, settings.hint),
    input,
    problem,
  );
  return {
    element,
    value,
    fill(text) {
      if (input.value === text) return;
      input.value = text;
      if (document.activeElement === input) input.select();
    },
    check() {
      if (settings.required !== true || value() !== "") return true;
      input.setAttribute("aria-invalid", "true");
      setText(problem, strings.fieldEmpty);
      // Its label has to be seen too.
      input.focus({ preventScroll: true });
      element.scrollIntoView({ block: "nearest" });
      return false;
    },
  };
}
