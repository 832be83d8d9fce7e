import type { ServerUsageReport, Spent } from "#schema/usage.ts";
import { toMoney } from "../../demo/parts/to-money.ts";
import { createTable } from "../parts/table.ts";
import { strings } from "../strings.ts";
import { toCount, toShare } from "../to-words.ts";

const words = strings.models;

/** What a month cost by provider, by model and by task, dearest first. */
export function createSpendingTables({ byProvider, byModel, byTask }: ServerUsageReport): HTMLElement[] {
  return [
    drawTable(
      words.byProvider,
      byProvider.map((row) => [row.provider, row]),
    ),
    drawTable(
      words.byModel,
      byModel.map((row) => [`${row.provider}: ${row.model}`, row]),
    ),
    drawTable(
      words.byTask,
      byTask.map((row) => [row.task, row]),
    ),
  ];
}

function drawTable(
  { id, title, first }: { id: string; title: string; first: string },
  rows: readonly (readonly [name: string, spent: Spent])[],
): HTMLElement {
  return createTable({
    id,
    title,
    columns: [first, ...words.columns],
    rows: rows.map(([name, spent]) => [name, ...toCells(spent)]),
    empty: words.empty,
  });
}

function toCells({ costUsd, calls, inputTokens, cachedTokens, outputTokens }: Spent): string[] {
  return [
    toMoney(costUsd),
    toCount(calls),
    toCount(inputTokens),
    toShare(inputTokens === 0 ? null : cachedTokens / inputTokens),
    toCount(outputTokens),
  ];
}
