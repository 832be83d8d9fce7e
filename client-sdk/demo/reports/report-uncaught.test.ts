import { expect, it } from "vitest";
import type { ClientReport } from "#schema/client-report.ts";
import { reportUncaught } from "./report-uncaught.ts";

it("what nobody caught is told by its class, whether it was thrown or rejected", () => {
  const page = new EventTarget();
  const told: ClientReport[] = [];
  reportUncaught(page, { add: (report) => void told.push(report), flush: () => undefined });
  page.dispatchEvent(Object.assign(new Event("error"), { error: new RangeError("Ann said a secret") }));
  page.dispatchEvent(Object.assign(new Event("unhandledrejection"), { reason: "Ann said a secret" }));
  // As when a picture does not load.
  page.dispatchEvent(new Event("error"));
  expect(told).toEqual([
    { kind: "uncaught", code: "RangeError" },
    { kind: "rejection", code: "unknown" },
    { kind: "uncaught", code: "unknown" },
  ]);
});
