import { el } from "../../demo/element.ts";
import type { DeskTools } from "../panel.ts";
import { toReason } from "../parts/to-reason.ts";
import { strings } from "../strings.ts";
import { toTopicImport, UnreadableTopicsError } from "./to-topic-import.ts";

const words = strings.topics;

/** A topic to be added, or a file of them. */
export function createTopicForms(tools: DeskTools): HTMLElement {
  const text = el("input", {
    class: "field",
    attrs: {
      id: "topic-text",
      minlength: 3,
      maxlength: 200,
      required: true,
      dir: "auto",
      autocomplete: "off",
    },
  });
  const file = el("input", {
    class: "field",
    attrs: { id: "topic-file", type: "file", accept: ".json,.xml,.rss,.atom", required: true },
  });
  const told = el("p", { class: "told", attrs: { role: "status" } });

  /** Does it and tells what came of it. */
  async function attempt(act: () => Promise<string>): Promise<void> {
    try {
      told.textContent = await act();
      tools.refresh();
    } catch (error) {
      told.textContent =
        error instanceof UnreadableTopicsError ? words.unreadable : strings.failed(toReason(error));
    }
  }

  async function add(): Promise<string> {
    const added = await tools.call<{ text: string }>("POST", "/api/admin/topics", {
      body: { text: text.value },
    });
    text.value = "";
    return words.added(added.text);
  }

  async function load(): Promise<string> {
    const body = toTopicImport((await file.files?.[0]?.text()) ?? "");
    type Outcome = { inserted: number; existing: number };
    const outcome = await tools.call<Outcome>("POST", "/api/admin/topics/import", { body });
    file.value = "";
    return words.imported(outcome.inserted, outcome.existing);
  }

  const onSubmit = (act: () => Promise<string>) => (event: SubmitEvent) => {
    event.preventDefault();
    void attempt(act);
  };
  return el(
    "div",
    { class: "card" },
    el(
      "form",
      { class: "line-form", on: { submit: onSubmit(add) } },
      el("label", { attrs: { for: "topic-text" } }, words.add),
      text,
      el("button", { class: "button", attrs: { type: "submit" } }, words.addSubmit),
    ),
    el(
      "form",
      { class: "line-form", on: { submit: onSubmit(load) } },
      el("label", { attrs: { for: "topic-file" } }, words.file),
      file,
      el("button", { class: "button", attrs: { type: "submit" } }, words.fileSubmit),
      el("p", { class: "hint" }, words.fileHint),
    ),
    told,
  );
}
