import { setImmediate as nextTurn } from "node:timers/promises";
import { LRUCache } from "lru-cache";
import { daysOf } from "#schema/stored/ledger-entry.ts";
import type { ServerUsageReport } from "#schema/usage.ts";
import type { Ledger, LedgerSum } from "#data/repositories/ledger.ts";
import { addTotals } from "#data/repositories/ledger-total.ts";
import type { CostCheck } from "./compare-costs.ts";
import { toRows, toSpent, toTotals } from "./to-rows.ts";
import { toUsd } from "./usd.ts";

export interface ServerUsageDeps {
  readonly ledger: Pick<Ledger, "sumDay">;
  readonly costChecks: () => readonly CostCheck[];
  readonly nowMs: () => number;
}

type DaySums = LedgerSum<"provider" | "model" | "task">[];

const REPORT_FOR_MS = 60_000;
const DAY_MS = 86_400_000;
/** Batches are booked on the day they were handed in, up to three days later. */
const DAY_CLOSES_MS = 4 * DAY_MS;
const DAYS_REMEMBERED = 400;

/** Reads the whole server's months, for operators. What is over is read once; a report is a minute old at most. */
export function createServerUsage({
  ledger,
  costChecks,
  nowMs,
}: ServerUsageDeps): (month: string) => Promise<ServerUsageReport> {
  const days = new LRUCache<string, DaySums>({ max: DAYS_REMEMBERED });
  const reports = new LRUCache<string, { readonly atMs: number; report: Promise<ServerUsageReport> }>({
    max: 24,
  });

  async function readDay(day: string): Promise<DaySums> {
    const known = days.get(day);
    if (known) return known;
    const isOver = nowMs() >= Date.parse(day) + DAY_MS + DAY_CLOSES_MS;
    const sums = await ledger.sumDay(day, ["provider", "model", "task"]);
    if (isOver) days.set(day, sums);
    // Others are served in between: a day of a busy server is much to add up.
    await nextTurn();
    return sums;
  }

  async function readMonth(month: string): Promise<ServerUsageReport> {
    const all: DaySums = [];
    const byDay: ServerUsageReport["byDay"] = [];
    for (const day of daysOf(month).filter((each) => Date.parse(each) <= nowMs())) {
      const sums = await readDay(day);
      all.push(...sums);
      if (sums.length > 0) byDay.push({ day, ...toSpent(addTotals(sums)) });
    }
    return {
      month,
      ...toTotals(addTotals(all)),
      byProvider: toRows(all, ["provider"]),
      byModel: toRows(all, ["provider", "model"]),
      byTask: toRows(all, ["task"]),
      byDay,
      costChecks: costChecks()
        .filter(({ day }) => day.startsWith(month))
        .map(toCheckRow),
    };
  }

  return async (month) => {
    const known = reports.get(month);
    if (known && nowMs() - known.atMs < REPORT_FOR_MS) return await known.report;
    const made = { atMs: nowMs(), report: readMonth(month) };
    reports.set(month, made);
    try {
      return await made.report;
    } catch (error) {
      if (reports.peek(month) === made) reports.delete(month);
      throw error;
    }
  };
}

const toCheckRow = ({ provider, day, billedNanoUsd, bookedNanoUsd, deviation, isAlert }: CostCheck) => ({
  provider,
  day,
  billedUsd: toUsd(billedNanoUsd),
  bookedUsd: toUsd(bookedNanoUsd),
  deviation,
  alert: isAlert,
});
