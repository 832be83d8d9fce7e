import type { BudgetCard, BudgetChange } from "#schema/usage.ts";
import { el } from "../../demo/element.ts";
import { toMonthName } from "../../demo/parts/month.ts";
import { toMoney } from "../../demo/parts/to-money.ts";
import type { DeskTools } from "../panel.ts";
import { createFigureList, type Figure } from "../parts/figure-list.ts";
import { createTwoStep } from "../parts/two-step.ts";
import { strings } from "../strings.ts";
import { createBudgetForm } from "./budget-form.ts";

const words = strings.budget;

/** Where an account's budget is read and set. */
export const toBudgetPath = (accountId: string): string =>
  `/api/admin/users/${encodeURIComponent(accountId)}/budget`;

/** What an account spends on models and may spend, with what an operator can do about it. */
export function createBudgetSection(
  tools: DeskTools,
  card: BudgetCard,
  { title, hint }: { title: string; hint?: string },
): HTMLElement {
  async function change(wanted: BudgetChange, done: string): Promise<void> {
    await tools.call<BudgetCard>("PUT", toBudgetPath(card.accountId), { body: wanted });
    form.removeAttribute("data-asking");
    tools.say(done);
    tools.refresh();
  }

  const form = createBudgetForm(card, (wanted) => change(wanted, words.saved));
  const step = card.suspended ? words.lift : words.suspend;
  return el(
    "section",
    {},
    el("h2", {}, title),
    hint !== undefined && el("p", { class: "hint" }, hint),
    createFigureList(toFigures(card)),
    form,
    createTwoStep({
      id: "suspend",
      ...step,
      act: () => change({ suspended: !card.suspended }, step.done),
    }),
  );
}

function toFigures(card: BudgetCard): Figure[] {
  const { monthlyUsd, defaultMonthlyUsd, prepaidUsd } = card;
  const limit =
    monthlyUsd === null ? words.ofUsual(toMoney(defaultMonthlyUsd)) : words.ofOwn(toMoney(monthlyUsd));
  return [
    { label: words.spent(toMonthName(card.month)), value: toMoney(card.spentUsd), note: limit },
    {
      label: words.prepaid,
      value: toMoney(card.prepaidLeftUsd),
      ...(prepaidUsd > 0 && { note: words.ofPrepaid(toMoney(prepaidUsd)) }),
    },
    card.suspended
      ? { label: words.status, value: words.suspended, note: words.suspendedNote }
      : { label: words.status, value: words.active },
  ];
}
