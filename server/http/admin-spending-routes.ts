import { BudgetCard, BudgetChange, MonthQuery, ServerUsageReport } from "#schema/usage.ts";
import type { Spending } from "../spending/create-spending.ts";
import { notFound } from "./api-error.ts";
import { defineRoute, type Route } from "./route.ts";

/** What models cost the whole server, and what accounts may spend; "system" is the account of the server's own jobs. */
export function createAdminSpendingRoutes({
  budgets,
  readServerUsage,
}: Pick<Spending, "budgets" | "readServerUsage">): Route[] {
  return [
    defineRoute({
      method: "GET",
      path: "/api/admin/usage",
      summary: "What models cost the whole server in a month, this one unless said; a minute old at most",
      access: "operator",
      limit: "read",
      query: MonthQuery,
      answer: ServerUsageReport,
      handle: ({ query }) => readServerUsage(query.month),
    }),
    defineRoute({
      method: "GET",
      path: "/api/admin/users/:id/budget",
      summary: "What a user may spend and has spent; `system` is the server itself",
      access: "operator",
      limit: "read",
      answer: BudgetCard,
      errors: { "not-found": 404 },
      handle: async ({ params }) => toFound(await budgets.read(params["id"] ?? "")),
    }),
    defineRoute({
      method: "PUT",
      path: "/api/admin/users/:id/budget",
      summary: "Set, lift or take back what a user may spend; what is left out stays",
      access: "operator",
      limit: "write",
      body: BudgetChange,
      answer: BudgetCard,
      errors: { "not-found": 404 },
      handle: async ({ person, params, body }) =>
        toFound(await budgets.change(person.userId, params["id"] ?? "", body)),
    }),
  ];
}

function toFound(card: BudgetCard | null): BudgetCard {
  if (!card) throw notFound("user");
  return card;
}
