import type { Chatling } from "#schema/api.ts";
import { el } from "../element.ts";
import { createFormField } from "../parts/form-field.ts";
import { strings } from "../strings.ts";

const words = strings.collection;

type Character = Pick<Chatling, "personality" | "backstory">;

/** What a chatling is like and where it comes from, which can be rewritten on the spot; Escape leaves it as it was. */
export function createCharacterEditor(save: (character: Character) => Promise<void>): {
  element: HTMLElement;
  update(character: Character): void;
} {
  let known: Character = { personality: "", backstory: "" };
  const told = el("div", { class: "character-shown" });
  const pen = el(
    "button",
    { class: "button", attrs: { type: "button" }, on: { click: open } },
    words.rewrite,
  );
  const personality = createFormField({
    label: words.character,
    hint: words.rewriteHint,
    maxLength: 1000,
    required: true,
    rows: 4,
  });
  const backstory = createFormField({ label: words.backstory, maxLength: 4000, rows: 5 });
  const problem = el("p", { class: "problem", attrs: { role: "alert" } });
  const submit = el("button", { class: "button primary", attrs: { type: "submit" } }, words.save);
  const cancel = { class: "button", attrs: { type: "button" }, on: { click: close } };
  const form = el(
    "form",
    {
      class: "form character-form",
      attrs: { hidden: true, "aria-label": words.rewrite },
      on: { submit: (event) => void onSubmit(event), keydown: onKey },
    },
    personality.element,
    backstory.element,
    problem,
    el("div", { class: "confirm-actions" }, submit, el("button", cancel, words.cancel)),
  );

  function open(): void {
    personality.fill(known.personality);
    backstory.fill(known.backstory);
    problem.textContent = "";
    toggle(true);
    form.querySelector("textarea")?.focus();
  }

  function close(): void {
    toggle(false);
    pen.focus();
  }

  function toggle(editing: boolean): void {
    form.hidden = !editing;
    told.hidden = editing;
    pen.hidden = editing;
  }

  function onKey(event: KeyboardEvent): void {
    // Within a word that is being composed, Escape belongs to the keyboard.
    if (event.key !== "Escape" || event.isComposing) return;
    event.preventDefault();
    close();
  }

  async function onSubmit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (submit.getAttribute("aria-disabled") === "true" || !personality.check()) return;
    const written = { personality: personality.value(), backstory: backstory.value() };
    if (written.personality === known.personality && written.backstory === known.backstory) return close();
    submit.setAttribute("aria-disabled", "true");
    problem.textContent = "";
    try {
      await save(written);
      // Unless it was closed meanwhile, and the focus is elsewhere.
      if (!form.hidden) close();
    } catch {
      problem.textContent = words.failed;
    } finally {
      submit.removeAttribute("aria-disabled");
    }
  }

  return {
    element: el("div", { class: "character" }, told, form, pen),
    update(character) {
      known = character;
      told.replaceChildren(
        ...drawPart(words.character, character.personality),
        ...drawPart(words.backstory, character.backstory),
      );
    },
  };
}

function drawPart(title: string, text: string): HTMLElement[] {
  if (text === "") return [];
  return [el("h2", {}, title), el("p", { class: "told", attrs: { dir: "auto" } }, text)];
}
