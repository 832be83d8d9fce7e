import type { Bench, BenchResult, Figures } from "./define-bench.ts";
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
    ...toColumns(result.sideBySide ?? {}),
    ...toTable([["gate", "value", "limit", "noise", "verdict"], ...rows]),
    ...(result.notes ?? []).map((note) => `\n${note}`),
  ].join("\n");
}

/** The contract's object, on one line. */
export function toJson({ bench, machine, result, gates, quick }: Report): string {
  const figures = Object.fromEntries(
    Object.entries({ ...result.figures, ...flatten(result.sideBySide ?? {}) }).map(([name, value]) => [
      name,
      value === null ? null : round(value),
    ]),
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

/** Figures of several things under names of their own: "thing: figure". */
function flatten(things: Readonly<Record<string, Figures>>): Figures {
  const named = Object.entries(things).flatMap(([thing, figures]) =>
    Object.entries(figures).map(([name, value]) => [`${thing}: ${name}`, value] as const),
  );
  return Object.fromEntries(named);
}

/** So many columns fit beside each other. */
const THINGS_ABREAST = 4;

/** A column for each thing, with a blank line after every so many. */
function toColumns(things: Readonly<Record<string, Figures>>): string[] {
  const entries = Object.entries(things);
  const names = [...new Set(entries.flatMap(([, figures]) => Object.keys(figures)))];
  const tables = Array.from({ length: Math.ceil(entries.length / THINGS_ABREAST) }, (_, at) =>
    entries.slice(at * THINGS_ABREAST, (at + 1) * THINGS_ABREAST),
  );
  return tables.flatMap((abreast) => [
    ...toTable([
      ["figure", ...abreast.map(([thing]) => thing)],
      ...names.map((name) => [name, ...abreast.map(([, figures]) => show(figures[name] ?? null))]),
    ]),
    "",
  ]);
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
