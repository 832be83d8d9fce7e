import type { BudgetCard, BudgetChange } from "#schema/usage.ts";
import { el } from "../../demo/element.ts";
import { toMoney } from "../../demo/parts/to-money.ts";
import { toReason } from "../parts/to-reason.ts";
import { strings } from "../strings.ts";
import { toBudgetChange } from "./to-budget-change.ts";

const words = strings.budget;
const MOST_USD = 1_000_000;

/** An account's limit and payments, to be changed. While something is written in it, its panel is not drawn anew. */
export function createBudgetForm(
  card: BudgetCard,
  save: (change: BudgetChange) => Promise<void>,
): HTMLElement {
  const usual = card.defaultMonthlyUsd;
  const monthly = createAmount("budget-monthly", card.monthlyUsd, usual);
  const prepaid = createAmount("budget-prepaid", card.prepaidUsd);
  const submit = el("button", { class: "button", attrs: { type: "submit", id: "budget-save" } }, words.save);
  const told = el("p", { class: "told", attrs: { role: "status" } });
  const read = () => toBudgetChange(card, { monthly: monthly.value, prepaid: prepaid.value });

  async function onSubmit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (submit.getAttribute("aria-disabled") === "true") return;
    const change = read();
    told.textContent = change === null ? words.unchanged : "";
    if (change === null) return;
    submit.setAttribute("aria-disabled", "true");
    try {
      await save(change);
    } catch (error) {
      told.textContent = strings.failed(toReason(error));
    } finally {
      submit.removeAttribute("aria-disabled");
    }
  }

  const form = el(
    "form",
    {
      class: "budget-form card",
      on: {
        submit: (event) => void onSubmit(event),
        input: () => void form.toggleAttribute("data-asking", read() !== null),
      },
    },
    drawField(monthly, words.monthly, words.monthlyHint(toMoney(usual))),
    drawField(prepaid, words.paidIn, words.paidInHint),
    el("div", { class: "budget-actions" }, submit, told),
  );
  return form;
}

function createAmount(id: string, value: number | null, placeholder?: number): HTMLInputElement {
  return el("input", {
    class: "field",
    attrs: {
      id,
      type: "number",
      min: 0,
      max: MOST_USD,
      step: "any",
      value: value ?? "",
      placeholder,
      autocomplete: "off",
      "aria-describedby": `${id}-hint`,
    },
  });
}

function drawField(input: HTMLInputElement, label: string, hint: string): HTMLElement {
  return el(
    "div",
    { class: "form-field" },
    el("label", { attrs: { for: input.id } }, label),
    input,
    el("p", { class: "hint", attrs: { id: `${input.id}-hint` } }, hint),
  );
}
