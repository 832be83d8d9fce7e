import type { Account } from "../../http/account.ts";
import type { Links } from "../../http/links.ts";
import type { Passkeys } from "../../http/passkeys.ts";
import type { Usage } from "../../http/usage.ts";
import { el } from "../element.ts";
import type { Screen } from "../frame/screen.ts";
import { strings } from "../strings.ts";
import { createCodeSection } from "./code-section.ts";
import { createDataSection } from "./data-section.ts";
import { createEraseSection } from "./erase-section.ts";
import { createNameSection } from "./name-section.ts";
import { createPasskeySection } from "./passkey-section.ts";
import { createReturnSection } from "./return-section.ts";
import type { SettingsSection } from "./settings-section.ts";
import { createSpendingSection } from "./spending-section.ts";

const words = strings.settings;

/** Who I am here, and what becomes of my data. Another topic is one section more in the list. */
export function createSettingsScreen(deps: {
  account: Pick<Account, "get" | "rename" | "export">;
  passkeys: Passkeys;
  links: Links;
  usage: Pick<Usage, "read">;
  say(text: string): void;
  erase(): Promise<void>;
  /** This device is somebody else's now. */
  startAnew(): void;
}): Screen {
  const passkeys = createPasskeySection(deps);
  const sections: readonly SettingsSection[] = [
    createNameSection(deps),
    passkeys,
    createCodeSection(deps),
    createReturnSection({ ...deps, isLasting: () => passkeys.isLasting() }),
    createSpendingSection(deps),
    createDataSection(deps),
    createEraseSection(deps),
  ];
  const element = el(
    "div",
    { class: "screen page settings" },
    el(
      "div",
      { class: "page-inside" },
      el("h1", {}, words.title),
      el("p", { class: "hint" }, words.lead),
      ...sections.map((section) => section.element),
    ),
  );
  return {
    element,
    title: () => words.title,
    enter() {
      for (const section of sections) section.enter?.();
      return undefined;
    },
  };
}
