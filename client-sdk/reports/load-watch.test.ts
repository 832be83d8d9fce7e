import { expect, it } from "vitest";
import type { ClientReport } from "#schema/client-report.ts";
import { createLoadWatch } from "./load-watch.ts";

function openWatch() {
  const told: ClientReport[] = [];
  return { told, watch: createLoadWatch((report) => void told.push(report)) };
}

it("tells every step once, as it was reached first", () => {
  const { told, watch } = openWatch();
  watch.reach("responseMs", 12.4);
  watch.reach("joinedMs", 300);
  watch.reach("joinedMs", 9000);
  watch.end();
  watch.reach("firstLineMs", 9500);
  watch.end();
  expect(told).toHaveLength(1);
  expect(told[0]).toMatchObject({ kind: "load", timings: { responseMs: 12, joinedMs: 300 } });
});

it("leaves out what was not measured, or took as long as no load does", () => {
  const { told, watch } = openWatch();
  watch.reach("responseMs", 0);
  watch.reach("firstLineMs", 700_000);
  watch.end();
  expect(told).toEqual([]);
});
