import { el } from "../../demo/element.ts";
import { ParleyError } from "../../parley-error.ts";
import type { Panel } from "../panel.ts";
import { strings } from "../strings.ts";
import { redraw } from "./redraw.ts";
import { toReason } from "./to-reason.ts";

/** A panel that shows what it reads. Its tools stay as they are, so that nothing being written is lost. */
export function createReadPanel<T>(settings: {
  name: string;
  label: string;
  lead: string;
  /** Above what is read; not on the page of one thing. */
  tools?: HTMLElement;
  read(path: readonly string[]): Promise<T>;
  draw(answer: T): readonly Node[];
}): Panel {
  const heading = el("h1", { attrs: { tabindex: -1 } }, settings.label);
  const body = el("div", { class: "panel-body" });
  const element = el(
    "section",
    { class: "panel" },
    heading,
    el("p", { class: "hint" }, settings.lead),
    settings.tools,
    body,
  );
  let wanted = "";
  let drawn: string | undefined;

  function show(content: readonly Node[], place: string | undefined): void {
    redraw(body, content, heading);
    drawn = place;
  }

  async function refresh(path: readonly string[]): Promise<void> {
    const place = path.join("/");
    wanted = place;
    settings.tools?.toggleAttribute("hidden", place !== "");
    if (drawn !== place) show([el("p", { class: "empty" }, strings.loading)], undefined);
    try {
      const answer = await settings.read(path);
      if (wanted !== place) return;
      // A question that waits for its answer is not taken away.
      if (drawn === place && body.querySelector("[data-asking]")) return;
      show(settings.draw(answer), place);
    } catch (error) {
      if (wanted === place && (drawn !== place || isGone(error))) show([drawFailure(error)], undefined);
      throw error;
    }
  }

  return { name: settings.name, label: settings.label, element, refresh };
}

const isGone = (error: unknown): boolean => error instanceof ParleyError && error.code === "not-found";

function drawFailure(error: unknown): HTMLElement {
  return el("p", { class: "empty failed" }, strings.unread(toReason(error)));
}
