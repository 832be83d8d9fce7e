import { Gauge, type Registry } from "prom-client";
import type { CostCheck } from "./compare-costs.ts";

export interface CostCheckMetrics {
  /** The last check of each provider, by the process that makes them; null in others, so that none contradicts it. */
  show(latest: readonly CostCheck[] | null): void;
}

export function createCostCheckMetrics(registry: Registry): CostCheckMetrics {
  const more = { labelNames: ["provider"], registers: [registry] };
  const deviation = new Gauge({
    name: "parley_cost_report_deviation_ratio",
    help: "By what share a provider's bill for the last checked day and the books differ; above 0 when it billed more",
    ...more,
  });
  const differs = new Gauge({
    name: "parley_cost_report_differs",
    help: "1 where a provider's bill for the last checked day and the books differ by more than 5 % and a cent, else 0",
    ...more,
  });
  return {
    show(latest) {
      deviation.reset();
      differs.reset();
      for (const check of latest ?? []) {
        deviation.set({ provider: check.provider }, check.deviation);
        differs.set({ provider: check.provider }, Number(check.isAlert));
      }
    },
  };
}
