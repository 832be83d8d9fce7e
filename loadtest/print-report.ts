import type { Bench, BenchResult } from "./define-bench.ts";
import type { JudgedGate } from "./judge-gate.ts";
import type { Machine } from "./machine.ts";

export interface Report {
  readonly bench: Bench;
  readonly machine: Machine;
  readonly result: BenchResult;
  readonly gates: readonly JudgedGate[];
  readonly quick: boolean;
}

/** The report as a table for people. */
export function toText({ bench, machine, result, gates, quick }: Report): string {
  const figures = Object.entries(result.figures).map(([name, value]) => [name, show(value)]);
  const rows = gates.map((gate) => [
    gate.name,
    show(gate.value),
    `${gate.better === "lower" ? "at most" : "at least"} ${show(gate.limit)}`,
    gate.noise === undefined ? "exact" : `±${show(gate.noise)}`,
    gate.verdict,
  ]);
  return [
    `${bench.name}: ${bench.summary}`,
    `compared with: ${bench.comparesWith}`,
    `machine: ${Object.values(machine).slice(0, 5).join(", ")}; load before: ${machine.loadBefore}`,
    ...(quick ? ["a smoke run: these figures mean nothing"] : []),
    "",
    ...toTable([["figure", "value"], ...figures]),
    "",
    ...toTable([["gate", "value", "limit", "noise", "verdict"], ...rows]),
    ...(result.notes ?? []).map((note) => `\n${note}`),
  ].join("\n");
}

/** The contract's object, on one line. */
export function toJson({ bench, machine, result, gates, quick }: Report): string {
  const figures = Object.fromEntries(
    Object.entries(result.figures).map(([name, value]) => [name, value === null ? null : round(value)]),
  );
  return JSON.stringify({
    bench: bench.name,
    machine,
    quick,
    figures,
    gates: gates.map((gate) => ({
      name: gate.name,
      value: gate.value === null ? null : round(gate.value),
      limit: gate.limit,
      better: gate.better,
      pass: gate.pass,
      verdict: gate.verdict,
      ...(gate.noise !== undefined && { noise: round(gate.noise) }),
    })),
  });
}

/** Four significant digits: more would pretend to a precision that no run has. */
const round = (value: number): number => Number(value.toPrecision(4));

const show = (value: number | null): string => (value === null ? "withheld" : String(round(value)));

function toTable(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? "").length)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
