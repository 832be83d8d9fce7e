import type { Spent, UsageReport } from "#schema/usage.ts";
import { toMonthName } from "../parts/month.ts";
import { toMoney } from "../parts/to-money.ts";
import { strings } from "../strings.ts";

const words = strings.settings.spending;

/** The rest are cheaper, and long lists are for the file with all of my data. */
const MOST_CONVERSATIONS = 5;
/** Enough of an id to tell a person's conversations apart. */
const ID_LENGTH = 8;

export interface SpendingTable {
  readonly id: string;
  readonly title: string;
  readonly hint?: string;
  readonly columns: readonly string[];
  /** What, how many calls, and what they cost. */
  readonly rows: readonly (readonly [name: string, calls: string, cost: string])[];
  readonly more: string;
}

/** The tables of a month; those in which there is nothing are left out. */
export function toSpendingTables({ byProvider, byConversation, months }: UsageReport): SpendingTable[] {
  const shown = byConversation.slice(0, MOST_CONVERSATIONS);
  const others = byConversation.length - shown.length;
  const tables: SpendingTable[] = [
    {
      id: "spending-providers",
      ...words.providers,
      rows: byProvider.map((row) => toRow(words.providers.names[row.provider] ?? row.provider, row)),
      more: "",
    },
    {
      id: "spending-conversations",
      ...words.conversations,
      rows: shown.map((row) => toRow(row.conversationId.slice(0, ID_LENGTH), row)),
      more: others === 0 ? "" : words.conversations.more(others),
    },
    {
      id: "spending-months",
      ...words.months,
      rows: months.toReversed().map((row) => toRow(toMonthName(row.month), row)),
      more: "",
    },
  ];
  return tables.filter(({ rows }) => rows.length > 0);
}

const toRow = (name: string, { calls, costUsd }: Spent) =>
  [name, words.calls(calls), toMoney(costUsd)] as const;
