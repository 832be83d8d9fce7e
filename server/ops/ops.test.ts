import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { POOL_ALERTS } from "#ai/pool/alerts.ts";
import { createMetrics } from "../metrics.ts";

const readText = (file: string): string => readFileSync(new URL(file, import.meta.url), "utf8");

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: { readonly summary: string; readonly action: string };
}
const { groups } = parse(readText("alerts.yaml")) as { groups: { name: string; rules: Rule[] }[] };
const rules = groups.flatMap((group) => group.rules);

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly targets: { readonly expr: string }[];
}
const { panels } = JSON.parse(readText("grafana-dashboard.json")) as { panels: Panel[] };

/** Every series the server can have, histograms' parts included. */
const series = new Set(
  createMetrics()
    .registry.getMetricsAsArray()
    .flatMap(({ name }) => [name, `${name}_bucket`, `${name}_sum`, `${name}_count`]),
);
const namesIn = (expr: string): string[] => expr.match(/\b(?:parley|nodejs|process)_[a-z0-9_]+/g) ?? [];

describe("alert rules and dashboard", () => {
  it.each([
    ...rules.map(({ alert, expr }) => [alert, expr]),
    ...panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [title, expr])),
  ])("%s asks for metrics that exist", (_title, expr = "") => {
    const names = namesIn(expr);
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((name) => !series.has(name))).toEqual([]);
  });

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

  it("show no panel twice", () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  });
});

const toPascalCase = (name: string): string =>
  name
    .split("-")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
