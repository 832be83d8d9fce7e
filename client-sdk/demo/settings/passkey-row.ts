import type { Passkey } from "#schema/passkey.ts";
import { el } from "../element.ts";
import { strings } from "../strings.ts";
import { createQuestion } from "./question.ts";

const words = strings.settings.passkeys;

/** One passkey of mine, which can be taken away in two steps. */
export function createPasskeyRow(
  passkey: Passkey,
  deps: { remove(): Promise<void>; failed(error: unknown): void },
): HTMLElement {
  const asker = el(
    "button",
    {
      class: "button",
      attrs: { type: "button", "aria-label": words.removeOf(passkey.label) },
      on: { click: () => question.ask() },
    },
    words.remove,
  );
  const question = createQuestion({
    asker,
    title: words.confirm(passkey.label),
    text: words.confirmText,
    yes: words.confirmYes,
    no: words.confirmNo,
    busy: words.removing,
    run: () => deps.remove(),
    failed: (error) => deps.failed(error),
  });
  return el(
    "li",
    { class: "passkey" },
    el(
      "div",
      { class: "passkey-facts" },
      el("strong", { attrs: { dir: "auto" } }, passkey.label),
      el("span", { class: "hint" }, words.made(passkey.createdAtMs)),
    ),
    asker,
    question.element,
  );
}
