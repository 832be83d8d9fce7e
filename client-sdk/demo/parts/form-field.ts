import { el } from "../element.ts";
import { strings } from "../strings.ts";

export interface FormField {
  element: HTMLElement;
  /** What was written, without the space around it. */
  value(): string;
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
  const attrs = {
    id,
    maxlength: settings.maxLength,
    required: settings.required === true,
    dir: "auto",
    autocomplete: "off",
    "aria-describedby": settings.hint === undefined ? undefined : hintId,
  };
  const on = { input: () => input.setCustomValidity("") };
  const input =
    settings.rows === undefined
      ? el("input", { class: "field", attrs, on })
      : el("textarea", { class: "field", attrs: { ...attrs, rows: settings.rows }, on });
  const value = () => input.value.trim();
  return {
    element: el(
      "div",
      { class: "form-field" },
      el("label", { attrs: { for: id } }, settings.label),
      settings.hint !== undefined && el("p", { class: "hint", attrs: { id: hintId } }, settings.hint),
      input,
    ),
    value,
    fill: (text) => void (input.value = text),
    check() {
      // The browser takes spaces for something written.
      input.setCustomValidity(settings.required === true && value() === "" ? strings.create.empty : "");
      return input.reportValidity();
    },
  };
}
