import { Counter, Gauge, type Registry } from "prom-client";
import type { CostCheck } from "./compare-costs.ts";

export interface CostCheckMetrics {
  /** The last check of each provider, by the process that makes them; null in others, so that none contradicts it. */
  show(latest: readonly CostCheck[] | null): void;
  countAlert(provider: string): void;
}

/** Counters stand at 0 from the start, as Prometheus sees no increase in a first value. */
export function createCostCheckMetrics(registry: Registry, providers: Iterable<string>): CostCheckMetrics {
  const registers = [registry];
  const deviation = new Gauge({
    name: "parley_cost_report_deviation_ratio",
    help: "By what share a provider's bill for the last checked day and the books differ; above 0 when it billed more",
    labelNames: ["provider"],
    registers,
  });
  const alerts = new Counter({
    name: "parley_cost_report_alerts_total",
    help: "Days on which a provider's bill and the books differed by more than 5 % and a cent",
    labelNames: ["provider"],
    registers,
  });
  for (const provider of providers) alerts.inc({ provider }, 0);
  return {
    show(latest) {
      deviation.reset();
      for (const check of latest ?? []) deviation.set({ provider: check.provider }, check.deviation);
    },
    countAlert: (provider) => alerts.inc({ provider }),
  };
}
