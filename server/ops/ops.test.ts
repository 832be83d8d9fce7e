import { readdirSync, readFileSync } from "node:fs";
import type { MetricObject } from "prom-client";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { PROVIDERS } from "#ai/providers/create-model.ts";
import { POOL_ALERTS } from "#ai/pool/alerts.ts";
import { createMetrics } from "../metrics.ts";
import { createModelMetrics } from "../models/model-metrics.ts";
import { createCostCheckMetrics } from "../spending/cost-check-metrics.ts";

/** Whether the rules themselves fire is asked of Prometheus' own promtool, by `.ci/ops`. */

const readText = (file: string): string => readFileSync(new URL(file, import.meta.url), "utf8");

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: { readonly summary: string; readonly action: string };
}
const { groups } = parse(readText("alerts.yaml")) as { groups: { name: string; rules: Rule[] }[] };
const rules = groups.flatMap((group) => group.rules);

interface Case {
  readonly input_series: { readonly series: string }[];
  readonly alert_rule_test: { readonly alertname: string; readonly exp_alerts?: readonly unknown[] }[];
}
const cases = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith("-alerts.test.yaml"))
  .flatMap((file) => (parse(readText(file)) as { tests: Case[] }).tests);

/** A panel, or the heading of those below it. */
interface Block {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
}
interface Panel extends Block {
  readonly datasource: { readonly type: string; readonly uid: string };
  readonly fieldConfig: { readonly defaults: { readonly unit: string } };
  readonly targets: { readonly refId: string; readonly expr: string; readonly legendFormat: string }[];
}
const dashboard = JSON.parse(readText("grafana-dashboard.json")) as {
  readonly uid: string;
  readonly schemaVersion: number;
  readonly templating: { readonly list: { readonly name: string; readonly type: string; query: string }[] };
  readonly panels: Block[];
};
const { panels: blocks } = dashboard;
const panels = blocks.filter((block): block is Panel => block.type !== "row");

/** Labels by series, for every series the server can have, histograms' parts included. */
const labels = new Map<string, readonly string[]>();
const { registry } = createMetrics();
createModelMetrics(registry, PROVIDERS);
createCostCheckMetrics(registry);
for (const metric of registry.getMetricsAsArray()) {
  // The package's types leave out what every metric has.
  const { name, labelNames } = metric as MetricObject & { labelNames: string[] };
  for (const part of ["", "_sum", "_count"]) labels.set(name + part, labelNames);
  labels.set(`${name}_bucket`, [...labelNames, "le"]);
}
// What Prometheus tells of each target by itself.
labels.set("up", []);
const namesIn = (expr: string): string[] =>
  expr.match(/\b(?:up|(?:parley|nodejs|process)_[a-z0-9_]+)\b/g) ?? [];
/** Labels that an expression selects or groups by, and those that a text beside it shows. */
const labelsIn = (expr: string, text: string): string[] => [
  ...[...expr.matchAll(/(\w+)(?:=|!=|=~|!~)"/g)].map(([, label = ""]) => label),
  ...[...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list = ""]) => list.split(/, */)),
  ...[...text.matchAll(/\{\{ *(?:\$labels\.)?(\w+) *\}\}/g)].map(([, label = ""]) => label),
];

describe("alert rules and dashboard", () => {
  const asked = [
    ...rules.map(({ alert, expr, annotations }) => [alert, expr, annotations.summary] as const),
    ...panels.flatMap(({ title, targets }) =>
      targets.map(({ expr, legendFormat }) => [title, expr, legendFormat] as const),
    ),
  ];

  it.each(asked)("%s asks for metrics and labels that exist", (_title, expr, text) => {
    const names = namesIn(expr);
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((name) => !labels.has(name))).toEqual([]);
    const known = new Set(["instance", "job", ...names.flatMap((name) => labels.get(name) ?? [])]);
    expect(labelsIn(expr, text).filter((label) => !known.has(label))).toEqual([]);
  });

  it("ask for values of labels that counters begin with", async () => {
    const given = new Set((await registry.metrics()).match(/\b\w+_total\{[^}]*\}/g)?.flatMap(toPairs));
    const wanted = asked.flatMap(([, expr]) => (expr.match(/\b\w+_total\{[^}]*\}/g) ?? []).flatMap(toPairs));
    expect(wanted.length).toBeGreaterThan(0);
    expect(wanted.filter((pair) => !given.has(pair))).toEqual([]);
  });
});

describe("alert rules", () => {
  it("cover every alert of the pool, each with what to do", () => {
    const covered = POOL_ALERTS.map((name) =>
      rules.some(({ alert }) => alert === `Parley${toPascalCase(name)}`),
    );
    expect(covered).toEqual(POOL_ALERTS.map(() => true));
    for (const { annotations } of rules) expect(annotations.action).toContain("npm run admin -- ");
  });

  it("name alerts of the pool that exist", () => {
    const named = rules.flatMap(({ expr }) => [...expr.matchAll(/alert="([^"]+)"/g)].map(([, name]) => name));
    expect(named.length).toBeGreaterThan(0);
    for (const name of named) expect(POOL_ALERTS).toContain(name);
  });

  it.each(rules.map(({ alert }) => alert))(
    "%s is in the runbook, with a case to fire and one not to",
    (alert) => {
      expect(readText("README.md")).toContain(`| ${alert} |`);
      const firing = cases.map(({ alert_rule_test: checks }) =>
        checks.some(({ alertname, exp_alerts: alerts = [] }) => alertname === alert && alerts.length > 0),
      );
      const silent = cases.map(
        ({ alert_rule_test: checks }, at) =>
          !firing[at] && checks.some(({ alertname }) => alertname === alert),
      );
      expect({ firing: firing.includes(true), silent: silent.includes(true) }).toEqual({
        firing: true,
        silent: true,
      });
    },
  );

  it("are tried on series as the server has them", () => {
    const tried = cases.flatMap(({ input_series: inputs }) => inputs.map(({ series }) => series));
    const unknown = tried.filter((series) => {
      const [, name = "", selector = ""] = /^(\w+)\{(.*)\}$/.exec(series) ?? [];
      const given = new Set([...selector.matchAll(/(\w+)="/g)].map(([, label]) => label));
      const expected = new Set([
        "instance",
        "job",
        ...(labels.get(name) ?? ["a series that does not exist"]),
      ]);
      return given.symmetricDifference(expected).size > 0;
    });
    expect(unknown).toEqual([]);
  });
});

describe("the dashboard", () => {
  it("takes any Prometheus that the visitor chooses", () => {
    expect(dashboard.templating.list).toContainEqual(
      expect.objectContaining({ name: "datasource", type: "datasource", query: "prometheus" }),
    );
    for (const { datasource } of panels)
      expect(datasource).toEqual({ type: "prometheus", uid: "${datasource}" });
  });

  it("can be imported again over itself", () => {
    expect(dashboard.uid).toMatch(/^[\w-]{1,40}$/);
    expect(dashboard.schemaVersion).toBeGreaterThanOrEqual(36);
    expect(dashboard).not.toHaveProperty("id");
  });

  it("shows no panel or query twice", () => {
    expect(new Set(blocks.map(({ id }) => id)).size).toBe(blocks.length);
    expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
    for (const { targets } of panels) {
      expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
    }
  });

  it("lays its panels side by side in 24 columns", () => {
    const cells = blocks.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, at) => `${x + (at % w)},${y + Math.floor(at / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    for (const { gridPos } of blocks) expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
  });

  it.each(panels.map((panel) => [panel.title, panel] as const))(
    "%s has the unit of what it shows",
    (_, panel) => {
      for (const { expr } of panel.targets) expect(panel.fieldConfig.defaults.unit).toBe(toUnit(expr));
    },
  );
});

/** `name{label="value"}` for each value that a series, or a selector of series, has; alternatives one by one. */
function toPairs(series: string): string[] {
  const [name = "", selector = ""] = series.split("{");
  return [...selector.matchAll(/(\w+)=~?"([^"]*)"/g)].flatMap(([, label = "", values = ""]) =>
    values.split("|").map((value) => `${name}{${label}="${value}"}`),
  );
}

/** Grafana's name for the unit that an expression's result has by the metric's name. */
function toUnit(expr: string): string {
  if (/_(?:seconds|seconds_bucket)\b/.test(expr)) return "s";
  if (/_bytes\b/.test(expr)) return "bytes";
  if (/_total.* \/ /.test(expr)) return "percentunit";
  if (/_usd_total\b/.test(expr)) return "currencyUSD";
  if (/rate\(parley_http_\w+_count\b/.test(expr)) return "reqps";
  if (/rate\(parley_\w+_total\b/.test(expr)) return "cps";
  return "short";
}

const toPascalCase = (name: string): string =>
  name
    .split("-")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
