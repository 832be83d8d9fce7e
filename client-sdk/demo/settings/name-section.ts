import type { Account } from "../../http/account.ts";
import { el } from "../element.ts";
import { createFormField } from "../parts/form-field.ts";
import { strings } from "../strings.ts";
import type { SettingsSection } from "./settings-section.ts";

const words = strings.settings;

/** My name, which may be given at any time. */
export function createNameSection(deps: {
  account: Pick<Account, "get" | "rename">;
  say(text: string): void;
}): SettingsSection {
  const field = createFormField({ label: words.name, hint: words.nameHint, maxLength: 40, required: true });
  const element = el(
    "form",
    { class: "form card", on: { submit: (event) => void onSubmit(event) } },
    field.element,
    el("button", { class: "button", attrs: { type: "submit" } }, words.save),
  );
  let known: string | undefined;

  async function onSubmit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (!field.check()) return;
    try {
      known = (await deps.account.rename(field.value())).name;
      field.fill(known);
      deps.say(words.named(known));
    } catch {
      deps.say(words.failed);
    }
  }

  async function load(): Promise<void> {
    const before = known;
    try {
      const { name } = await deps.account.get();
      // Renamed meanwhile: this may be the name from before.
      if (known !== before) return;
      // What is being written meanwhile stays.
      if (field.value() === (known ?? "")) field.fill(name);
      known = name;
    } catch {
      // The field stays empty and can be filled in; saving says what is wrong.
    }
  }

  return { element, enter: () => void load() };
}
