import { ClientReports } from "#schema/client-report.ts";
import { defineRoute, type Route } from "./route.ts";

const MAX_BYTES = 4 * 1024;

/** Where pages and SDKs report their own errors and load times; nothing of it is kept but counts. */
export function createClientErrorsRoute(take: (reports: ClientReports) => void): Route {
  return defineRoute({
    method: "POST",
    path: "/api/client-errors",
    summary: "Report errors and load times of a page or SDK, without any message text",
    access: "anyone",
    limit: "client-report",
    body: ClientReports,
    maxBodyBytes: MAX_BYTES,
    status: 204,
    handle: ({ body }) => take(body),
  });
}
