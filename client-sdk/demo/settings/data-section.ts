import type { Account } from "../../http/account.ts";
import { el } from "../element.ts";
import { strings } from "../strings.ts";
import type { SettingsSection } from "./settings-section.ts";

const words = strings.settings;

/** Everything of mine as a file. */
export function createDataSection(deps: {
  account: Pick<Account, "export">;
  say(text: string): void;
}): SettingsSection {
  const button = el(
    "button",
    { class: "button export", attrs: { type: "button" }, on: { click: () => void download() } },
    words.export,
  );

  async function download(): Promise<void> {
    if (button.getAttribute("aria-disabled") === "true") return;
    button.setAttribute("aria-disabled", "true");
    button.textContent = words.exporting;
    try {
      save(JSON.stringify(await deps.account.export(), null, 2), words.file);
      deps.say(words.exported);
    } catch {
      deps.say(words.failed);
    } finally {
      button.removeAttribute("aria-disabled");
      button.textContent = words.export;
    }
  }

  return {
    element: el(
      "section",
      { class: "card" },
      el("h2", {}, words.data),
      el("p", { class: "hint" }, words.dataHint),
      button,
    ),
  };
}

/** Hands a text to the browser as a download. */
function save(text: string, name: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  el("a", { attrs: { href: address, download: name } }).click();
  URL.revokeObjectURL(address);
}
