import * as z from "zod";
import { below, type CostReport, type CostReportOptions } from "./cost-report.ts";
import { fetchReport } from "./fetch-report.ts";
import { readBilledDay } from "./read-billed-day.ts";

const PROVIDER = "openai";
const BASE_URL = "https://api.openai.com/v1";
const NANO_PER_USD = 1e9;
const DAY_SECONDS = 86_400;

/** Amounts are dollars, documented as numbers and seen as texts. */
const Amount = z.union([
  z.number(),
  z
    .string()
    .regex(/^-?\d+(\.\d+)?$/)
    .transform(Number),
]);

/** What is missing is an error, lest it be read as nothing billed. */
const Page = z.object({
  data: z.array(
    z.object({
      start_time: z.number(),
      results: z.array(z.object({ amount: z.object({ value: Amount, currency: z.literal("usd") }) })),
    }),
  ),
  has_more: z.boolean(),
  next_page: z.string().nullish(),
});

/** The organization's costs (https://platform.openai.com/docs/api-reference/usage/costs). */
export function createOpenAiCostReport({ readKey, baseUrl, clock }: CostReportOptions): CostReport {
  async function readPage(day: string, cursor: string | undefined, signal: AbortSignal) {
    const startSeconds = Date.parse(day) / 1000;
    const url = below(baseUrl ?? BASE_URL, "organization/costs");
    url.searchParams.set("start_time", String(startSeconds));
    url.searchParams.set("end_time", String(startSeconds + DAY_SECONDS));
    url.searchParams.set("bucket_width", "1d");
    if (cursor !== undefined) url.searchParams.set("page", cursor);
    const headers = { authorization: `Bearer ${readKey()}` };
    const page = await fetchReport({ provider: PROVIDER, url, headers, answer: Page, signal, clock });
    return {
      buckets: page.data.map(({ start_time: start, results }) => ({
        startMs: start * 1000,
        nanoUsd: results.reduce((sum, { amount }) => sum + amount.value, 0) * NANO_PER_USD,
      })),
      next: page.has_more ? (page.next_page ?? undefined) : undefined,
    };
  }

  return {
    provider: PROVIDER,
    readDay: (day, signal) => readBilledDay(PROVIDER, day, (cursor) => readPage(day, cursor, signal)),
  };
}
