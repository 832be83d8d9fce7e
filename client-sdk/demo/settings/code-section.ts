import type { Links } from "../../http/links.ts";
import { el } from "../element.ts";
import { strings } from "../strings.ts";
import { toCountdown, toHalves, toLifeMs } from "./code-life.ts";
import { toRefusalWords } from "./refusal-words.ts";
import type { SettingsSection } from "./settings-section.ts";

const words = strings.settings.codes;

/** A one-time code, which carries me to a second device. */
export function createCodeSection(deps: {
  links: Pick<Links, "create">;
  say(text: string): void;
}): SettingsSection {
  let ticking: number | undefined;
  const problem = el("p", { class: "problem", attrs: { role: "alert" } });
  const shown = el("span", { class: "link-code", attrs: { "aria-hidden": "true", dir: "ltr" } });
  const spelled = el("span", { class: "visually-hidden" });
  const line = el("p", { attrs: { tabindex: -1 } }, shown, spelled);
  const left = el("p", { class: "hint" });
  const copy = el(
    "button",
    { class: "button", attrs: { type: "button" }, on: { click: () => void copyCode() } },
    words.copy,
  );
  // Where the page is not secure the browser has no clipboard for it, and the code is copied by hand.
  const box = el("div", { class: "link-box", attrs: { hidden: true } }, line, left, isSecureContext && copy);
  const button = el(
    "button",
    { class: "button show-code", attrs: { type: "button" }, on: { click: () => void show() } },
    words.show,
  );

  async function show(): Promise<void> {
    if (button.getAttribute("aria-disabled") === "true") return;
    button.setAttribute("aria-disabled", "true");
    problem.textContent = "";
    try {
      const { code, expiresAtMs } = await deps.links.create();
      shown.textContent = toHalves(code);
      // Letter by letter: a screen reader would try to read it as a word.
      spelled.textContent = Array.from(code).join(" ");
      countDown(Date.now() + toLifeMs(expiresAtMs, Date.now()));
      box.hidden = false;
      button.textContent = words.showAnother;
      line.focus();
    } catch (error) {
      problem.textContent = toRefusalWords(error);
    } finally {
      button.removeAttribute("aria-disabled");
    }
  }

  function countDown(untilMs: number): void {
    clearInterval(ticking);
    const tick = (): void => {
      const leftMs = untilMs - Date.now();
      left.textContent = words.left(toCountdown(leftMs));
      if (leftMs <= 0) expire();
    };
    ticking = window.setInterval(tick, 1000);
    tick();
  }

  function expire(): void {
    clearInterval(ticking);
    if (box.contains(document.activeElement)) button.focus();
    box.hidden = true;
    shown.textContent = "";
    spelled.textContent = "";
    button.textContent = words.show;
    deps.say(words.expired);
  }

  async function copyCode(): Promise<void> {
    try {
      await navigator.clipboard.writeText(shown.textContent ?? "");
      deps.say(words.copied);
    } catch {
      deps.say(words.notCopied);
    }
  }

  return {
    element: el(
      "section",
      { class: "card" },
      el("h2", {}, words.title),
      el("p", { class: "hint" }, words.hint),
      box,
      button,
      problem,
    ),
    enter: () => void (problem.textContent = ""),
  };
}
