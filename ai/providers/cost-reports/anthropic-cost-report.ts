import * as z from "zod";
import { below, type CostReport, type CostReportOptions } from "./cost-report.ts";
import { fetchReport } from "./fetch-report.ts";
import { readBilledDay } from "./read-billed-day.ts";

const PROVIDER = "anthropic";
const BASE_URL = "https://api.anthropic.com";
const NANO_PER_CENT = 1e7;

/** Amounts are decimals of cents. What is missing is an error, lest it be read as nothing billed. */
const Page = z.object({
  data: z.array(
    z.object({
      starting_at: z.iso.datetime({ offset: true }),
      results: z.array(
        z.object({
          currency: z.literal("USD"),
          amount: z
            .string()
            .regex(/^-?\d+(\.\d+)?$/)
            .transform(Number),
        }),
      ),
    }),
  ),
  has_more: z.boolean(),
  next_page: z.string().nullish(),
});

/**
 * The organization's costs, from the Admin API's cost report
 * (https://platform.claude.com/docs/en/api/admin/cost_report). It leaves out what Priority Tier costs.
 */
export function createAnthropicCostReport({ readKey, baseUrl, clock }: CostReportOptions): CostReport {
  async function readPage(day: string, cursor: string | undefined, signal: AbortSignal) {
    const url = below(baseUrl ?? BASE_URL, "v1/organizations/cost_report");
    url.searchParams.set("starting_at", `${day}T00:00:00Z`);
    url.searchParams.set("bucket_width", "1d");
    // The day after comes along and shows that the day is whole; no end is set, since it might shut the day out.
    url.searchParams.set("limit", "2");
    if (cursor !== undefined) url.searchParams.set("page", cursor);
    const headers = { "x-api-key": readKey(), "anthropic-version": "2023-06-01" };
    const page = await fetchReport({ provider: PROVIDER, url, headers, answer: Page, signal, clock });
    return {
      buckets: page.data.map(({ starting_at: start, results }) => ({
        startMs: Date.parse(start),
        nanoUsd: results.reduce((sum, { amount }) => sum + amount, 0) * NANO_PER_CENT,
      })),
      next: page.has_more ? (page.next_page ?? undefined) : undefined,
    };
  }

  return {
    provider: PROVIDER,
    readDay: (day, signal) => readBilledDay(PROVIDER, day, (cursor) => readPage(day, cursor, signal)),
  };
}
