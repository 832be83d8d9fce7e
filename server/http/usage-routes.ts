import { MonthQuery, UsageReport } from "#schema/usage.ts";
import type { Spending } from "../spending/create-spending.ts";
import { defineRoute, type Route } from "./route.ts";

/** What I have spent on models, and what I may. */
export function createUsageRoutes(spending: Pick<Spending, "readUsage">): Route[] {
  return [
    defineRoute({
      method: "GET",
      path: "/api/usage",
      summary: "What models cost me in a month, this one unless said, and my budget",
      access: "user",
      limit: "read",
      query: MonthQuery,
      answer: UsageReport,
      handle: ({ person, query }) => spending.readUsage(person.userId, query.month),
    }),
  ];
}
