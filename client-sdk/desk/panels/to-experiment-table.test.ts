import { expect, it } from "vitest";
import { sampleExperiment } from "../testing/sample-spending.ts";
import { toExperimentTable } from "./to-experiment-table.ts";

const { columns, rows } = toExperimentTable(sampleExperiment());
const rowOf = (name: string) => rows.find(([first]) => first === name)?.slice(1);

it("each arm has a column, and each but the first one against the first", () => {
  expect(columns).toEqual(["Figure", "pooled", "unique", "unique against pooled"]);
  for (const row of rows) expect(row).toHaveLength(columns.length);
});

it("counts and percentiles stand alone, in their units", () => {
  expect(rowOf("Tasks")).toEqual(["2,400", "2,400", ""]);
  expect(rowOf("Spent")).toEqual(["$13.20", "$13.20", ""]);
  expect(rowOf("Half of the tasks within")).toEqual(["900 ms", "900 ms", ""]);
});

it("figures carry their interval, and differences whether they may be chance", () => {
  expect(rowOf("Cost of a task")).toEqual([
    "$0.0055 ($0.005 to $0.006)",
    "$0.0035 ($0.003 to $0.004)",
    "−$0.002 (−$0.0027 to −$0.0013), told apart",
  ]);
  expect(rowOf("Watched to the end")).toEqual([
    "62 % (61 % to 63 %)",
    "60.8 % (59.6 % to 62 %)",
    "−1.2 points (−2.8 points to +0.4 points), may be chance",
  ]);
  expect(rowOf("Mean time of a task")?.[2]).toBe("0 ms (−71 ms to +71 ms), may be chance");
});

it("what would rest on too little is no number", () => {
  expect(rowOf("Refused by a model")).toEqual(["too few", "too few", "too few"]);
  expect(rowOf("95 % of the tasks within")).toEqual(["too few", "too few", ""]);
});
