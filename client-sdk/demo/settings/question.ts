import { el } from "../element.ts";

export interface Question {
  element: HTMLElement;
  /** Takes the place of what was pressed. */
  ask(): void;
  /** Gives that its place back, without moving the focus. */
  close(): void;
}

let made = 0;

/** Asks before something that cannot be taken back. While it stands there, `asker` is gone. */
export function createQuestion(deps: {
  asker: HTMLElement;
  title: string;
  text: string;
  yes: string;
  no: string;
  /** On the button while it is being done. */
  busy: string;
  /** A class of the button that does it. */
  yesClass?: string;
  run(): Promise<void>;
  failed(error: unknown): void;
}): Question {
  const id = `question-${++made}`;
  const { asker } = deps;
  const no = el("button", { class: "button", attrs: { type: "button" }, on: { click: decline } }, deps.no);
  const yes = el(
    "button",
    {
      class: `button danger ${deps.yesClass ?? ""}`.trim(),
      attrs: { type: "button" },
      on: { click: () => void run() },
    },
    deps.yes,
  );
  const element = el(
    "div",
    {
      class: "confirm",
      attrs: { hidden: true, role: "group", "aria-labelledby": id, "aria-describedby": `${id}-text` },
      on: { keydown: (event) => event.key === "Escape" && decline() },
    },
    el("h3", { attrs: { id } }, deps.title),
    el("p", { attrs: { id: `${id}-text` } }, deps.text),
    el("div", { class: "confirm-actions" }, no, yes),
  );
  asker.setAttribute("aria-expanded", "false");

  function show(isAsking: boolean): void {
    element.hidden = !isAsking;
    asker.hidden = isAsking;
    asker.setAttribute("aria-expanded", String(isAsking));
  }

  function decline(): void {
    show(false);
    asker.focus();
  }

  async function run(): Promise<void> {
    if (yes.getAttribute("aria-disabled") === "true") return;
    yes.setAttribute("aria-disabled", "true");
    yes.textContent = deps.busy;
    try {
      await deps.run();
    } catch (error) {
      deps.failed(error);
    } finally {
      yes.removeAttribute("aria-disabled");
      yes.textContent = deps.yes;
    }
  }

  return {
    element,
    ask() {
      show(true);
      element.scrollIntoView({ block: "nearest" });
      // The answer that harms nobody is nearest.
      no.focus({ preventScroll: true });
    },
    close: () => show(false),
  };
}
