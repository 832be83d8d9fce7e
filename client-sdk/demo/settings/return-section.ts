import type { Links } from "../../http/links.ts";
import type { Passkeys } from "../../http/passkeys.ts";
import { el } from "../element.ts";
import { createFormField } from "../parts/form-field.ts";
import { strings } from "../strings.ts";
import { createQuestion, type Question } from "./question.ts";
import { toRefusalWords } from "./refusal-words.ts";
import type { SettingsSection } from "./settings-section.ts";

const words = strings.settings.back;

/** A way to be somebody else on this device: its button, and the question that may come before. */
interface Way {
  button: HTMLButtonElement;
  question: Question;
  take(): void;
}

/** Makes this device that of a person who was elsewhere before, by a passkey or a code. */
export function createReturnSection(deps: {
  passkeys: Pick<Passkeys, "supported" | "signIn">;
  links: Pick<Links, "redeem">;
  /** Whether whoever is here now can come back; if not, they are warned. */
  isLasting(): boolean;
  /** This device is somebody else's now. */
  startAnew(): void;
}): SettingsSection {
  const problem = el("p", { class: "problem", attrs: { role: "alert" } });
  const code = createFormField({ label: words.code, hint: words.codeHint, maxLength: 40, required: true });
  const bySignIn = createWay(words.signIn, () => deps.passkeys.signIn());
  const byCode = createWay(words.redeem, () => deps.links.redeem(code.value()));
  bySignIn.button.addEventListener("click", () => bySignIn.take());
  byCode.button.type = "submit";

  function createWay(label: string, become: () => Promise<unknown>): Way {
    const button = el("button", { class: "button", attrs: { type: "button" } }, label);
    const question = createQuestion({
      asker: button,
      title: words.confirm,
      text: words.confirmText,
      yes: words.confirmYes,
      no: words.confirmNo,
      busy: words.busy,
      run,
      failed,
    });
    async function run(): Promise<void> {
      problem.textContent = "";
      await become();
      deps.startAnew();
    }
    function failed(error: unknown): void {
      question.close();
      button.focus();
      problem.textContent = toRefusalWords(error);
    }
    async function runAtOnce(): Promise<void> {
      if (button.getAttribute("aria-disabled") === "true") return;
      button.setAttribute("aria-disabled", "true");
      await run().catch(failed);
      button.removeAttribute("aria-disabled");
    }
    return { button, question, take: () => (deps.isLasting() ? void runAtOnce() : question.ask()) };
  }

  function onSubmit(event: SubmitEvent): void {
    event.preventDefault();
    if (code.check()) byCode.take();
  }

  const signIn = deps.passkeys.supported() ? [bySignIn.button, bySignIn.question.element] : [];
  return {
    element: el(
      "section",
      { class: "card" },
      el("h2", {}, words.title),
      el("p", { class: "hint" }, words.hint),
      ...signIn,
      el(
        "form",
        { class: "form", on: { submit: onSubmit } },
        code.element,
        byCode.button,
        byCode.question.element,
      ),
      problem,
    ),
    enter() {
      problem.textContent = "";
      bySignIn.question.close();
      byCode.question.close();
    },
  };
}
