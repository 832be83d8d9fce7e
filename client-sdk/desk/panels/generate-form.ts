import { el } from "../../demo/element.ts";
import type { DeskTools } from "../panel.ts";
import { toReason } from "../parts/to-reason.ts";
import { strings } from "../strings.ts";
import { toCount } from "../to-words.ts";
import type { GenerationJob } from "#schema/desk.ts";

const words = strings.generate;
const LOOK_EVERY_MS = 1000;
const API = "/api/admin/pool/generate";

/** Has more conversations written now, and shows how far that is. */
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
    let job = await call<GenerationJob>("POST", API, { body: { count: asked } });
    bar.hidden = false;
    for (;;) {
      bar.value = job.written / job.wanted;
      const text = toWords(job);
      // What is said again would be read out again.
      if (told.textContent !== text) told.textContent = text;
      if (job.endedAtMs !== null) return refresh();
      await new Promise((resolve) => window.setTimeout(resolve, LOOK_EVERY_MS));
      // Signed out meanwhile: nobody looks any more.
      if (!bar.isConnected) return;
      job = await call<GenerationJob>("GET", `${API}/${encodeURIComponent(job.jobId)}`);
    }
  }

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

function toWords({ status, written, wanted }: GenerationJob): string {
  return words.status[status](toCount(written), toCount(wanted));
}
