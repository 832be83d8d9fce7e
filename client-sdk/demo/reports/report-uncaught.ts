import type { ReportQueue } from "../../reports/report-queue.ts";
import { toErrorCode } from "../../reports/to-error-code.ts";

/** Reports what nobody on the page caught, by class or code. */
export function reportUncaught(page: Pick<EventTarget, "addEventListener">, reports: ReportQueue): void {
  page.addEventListener("error", (event) =>
    reports.add({ kind: "uncaught", code: toErrorCode((event as ErrorEvent).error) }),
  );
  page.addEventListener("unhandledrejection", (event) =>
    reports.add({ kind: "rejection", code: toErrorCode((event as PromiseRejectionEvent).reason) }),
  );
}
