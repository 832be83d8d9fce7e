import { el } from "../../demo/element.ts";
import type { DeskTools } from "../panel.ts";
import { toReason } from "../parts/to-reason.ts";
import { strings } from "../strings.ts";
import { toProgress } from "./to-progress.ts";

const words = strings.generate;
const LOOK_EVERY_MS = 1000;

/** Has more conversations written now, and shows by the pool's growth how far that is. */
export function createGenerateForm({ call, refresh }: DeskTools): HTMLElement {
  const count = el("input", {
    class: "field short",
    attrs: { id: "generate-count", type: "number", min: 1, max: 500, value: 100, required: true },
  });
  const submit = el("button", { class: "button", attrs: { type: "submit" } }, words.submit);
  const bar = el("progress", { attrs: { hidden: true, "aria-label": words.progress, max: 1, value: 0 } });
  const told = el("p", { class: "told", attrs: { role: "status" } });

  async function onSubmit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (submit.getAttribute("aria-disabled") === "true") return;
    submit.setAttribute("aria-disabled", "true");
    try {
      await generate(Number(count.value));
    } catch (error) {
      told.textContent = strings.failed(toReason(error));
    } finally {
      bar.hidden = true;
      submit.removeAttribute("aria-disabled");
    }
  }

  async function generate(asked: number): Promise<void> {
    const before = await readSize();
    await call("POST", "/api/admin/pool/generate", { body: { count: asked } });
    bar.hidden = false;
    bar.value = 0;
    told.textContent = words.begun(asked);
    const sizes = [before];
    for (;;) {
      await new Promise((resolve) => window.setTimeout(resolve, LOOK_EVERY_MS));
      // Signed out meanwhile: nobody looks any more.
      if (!bar.isConnected) return;
      sizes.push(await readSize());
      const progress = toProgress(sizes, asked);
      bar.value = progress.written / asked;
      if (progress.state === "going") continue;
      told.textContent =
        progress.state === "done" ? words.done(asked) : words.stalled(progress.written, asked);
      refresh();
      return;
    }
  }

  const readSize = async (): Promise<number> =>
    (await call<{ active_conversations: number }>("GET", "/api/admin/pool")).active_conversations;

  return el(
    "form",
    { class: "line-form card", on: { submit: (event) => void onSubmit(event) } },
    el("label", { attrs: { for: "generate-count" } }, words.label),
    count,
    submit,
    bar,
    told,
  );
}
