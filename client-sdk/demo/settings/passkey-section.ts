import type { Passkey } from "#schema/passkey.ts";
import type { Passkeys } from "../../http/passkeys.ts";
import { el } from "../element.ts";
import { createFormField } from "../parts/form-field.ts";
import { createLoadedPart } from "../parts/loaded-part.ts";
import { strings } from "../strings.ts";
import { createPasskeyRow } from "./passkey-row.ts";
import { toRefusalWords } from "./refusal-words.ts";
import type { SettingsSection } from "./settings-section.ts";

const words = strings.settings.passkeys;

export interface PasskeySection extends SettingsSection {
  /** Whether I can come back by a passkey; false while that is not known. */
  isLasting(): boolean;
}

/** Passkeys, which make the guest of this device a lasting account. */
export function createPasskeySection(deps: {
  passkeys: Pick<Passkeys, "supported" | "register" | "list" | "remove">;
  say(text: string): void;
}): PasskeySection {
  let held: readonly Passkey[] = [];
  const heading = el("h2", { attrs: { tabindex: -1 } }, words.title);
  const problem = el("p", { class: "problem", attrs: { role: "alert" } });
  const label = createFormField({ label: words.label, hint: words.labelHint, maxLength: 40 });
  const submit = el("button", { class: "button", attrs: { type: "submit" } }, words.make);
  const form = el(
    "form",
    { class: "form", on: { submit: (event) => void onSubmit(event) } },
    label.element,
    submit,
  );
  const list = createLoadedPart({
    async load() {
      held = [];
      held = await deps.passkeys.list();
      return held;
    },
    draw,
  });

  function draw(passkeys: readonly Passkey[]): HTMLElement {
    if (passkeys.length === 0) return el("p", { class: "note" }, words.none);
    const rows = passkeys.map((passkey) =>
      createPasskeyRow(passkey, { remove: () => remove(passkey), failed: complain }),
    );
    return el("ul", { class: "passkeys", attrs: { "aria-label": words.list } }, ...rows);
  }

  async function onSubmit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (submit.getAttribute("aria-disabled") === "true") return;
    submit.setAttribute("aria-disabled", "true");
    problem.textContent = "";
    try {
      const named = label.value();
      const made = await deps.passkeys.register(named === "" ? {} : { label: named });
      label.fill("");
      deps.say(words.done(made.label));
      await list.load();
    } catch (error) {
      complain(error);
    } finally {
      submit.removeAttribute("aria-disabled");
    }
  }

  async function remove({ id, label: name }: Passkey): Promise<void> {
    problem.textContent = "";
    await deps.passkeys.remove(id);
    deps.say(words.removed(name));
    await list.load();
    // The row that had the focus is gone.
    heading.focus();
  }

  function complain(error: unknown): void {
    problem.textContent = toRefusalWords(error);
  }

  return {
    element: el(
      "section",
      { class: "card" },
      heading,
      el("p", { class: "hint" }, words.hint),
      list.element,
      deps.passkeys.supported() ? form : el("p", { class: "note" }, words.unsupported),
      problem,
    ),
    isLasting: () => held.length > 0,
    enter() {
      problem.textContent = "";
      void list.load();
    },
  };
}
