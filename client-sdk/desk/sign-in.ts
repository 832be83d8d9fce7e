import { el } from "../demo/element.ts";
import { toReason } from "./parts/to-reason.ts";
import { strings } from "./strings.ts";

const words = strings.signIn;

/** Asks for the operator's password; `why` says how one came to be asked. */
export function createSignIn(deps: { signIn(password: string): Promise<void>; why: string }): {
  element: HTMLElement;
  focus(): void;
} {
  const password = el("input", {
    class: "field",
    attrs: {
      id: "password",
      type: "password",
      required: true,
      maxlength: 200,
      autocomplete: "current-password",
      "aria-describedby": "password-hint",
    },
  });
  const submit = el("button", { class: "button primary", attrs: { type: "submit" } }, words.submit);
  const problem = el("p", { class: "problem", attrs: { role: "alert" } });

  async function onSubmit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (submit.getAttribute("aria-disabled") === "true") return;
    submit.setAttribute("aria-disabled", "true");
    problem.textContent = "";
    try {
      await deps.signIn(password.value);
    } catch (error) {
      problem.textContent = toReason(error);
      password.select();
    } finally {
      submit.removeAttribute("aria-disabled");
    }
  }

  const element = el(
    "main",
    { class: "sign-in" },
    el("h1", {}, words.title),
    deps.why !== "" && el("p", { class: "note", attrs: { role: "status" } }, deps.why),
    el(
      "form",
      { class: "form card", on: { submit: (event) => void onSubmit(event) } },
      el("label", { attrs: { for: "password" } }, words.password),
      password,
      el("p", { class: "hint", attrs: { id: "password-hint" } }, words.hint),
      submit,
      problem,
    ),
  );
  return { element, focus: () => password.focus() };
}
