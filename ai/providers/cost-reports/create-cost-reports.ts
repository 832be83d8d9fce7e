import type { ProviderName } from "../create-model.ts";
import type { Clock } from "../../clock.ts";
import { createAnthropicCostReport } from "./anthropic-cost-report.ts";
import type { CostReport, CostReportOptions } from "./cost-report.ts";
import { createOpenAiCostReport } from "./openai-cost-report.ts";

const CREATE = {
  anthropic: createAnthropicCostReport,
  openai: createOpenAiCostReport,
} satisfies Partial<Record<ProviderName, (options: CostReportOptions) => CostReport>>;

/** A provider whose bills can be asked for. */
export type BillingProvider = keyof typeof CREATE;
export const BILLING_PROVIDERS = Object.keys(CREATE) as BillingProvider[];

type BillingAccess = Readonly<Partial<Record<BillingProvider, Omit<CostReportOptions, "clock">>>>;

/** The reports of those providers that can be reached. */
export function createCostReports(access: BillingAccess, clock: Clock): CostReport[] {
  return BILLING_PROVIDERS.flatMap((provider) => {
    const reached = access[provider];
    return reached ? [CREATE[provider]({ ...reached, clock })] : [];
  });
}
