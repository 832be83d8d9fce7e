import type { Clock } from "#ai/clock.ts";
import { toDay } from "#ai/gateway/ports.ts";
import type { CostReport } from "#ai/providers/cost-reports/cost-report.ts";
import { ProviderError } from "#ai/providers/provider-error.ts";
import type { Ledger } from "#data/repositories/ledger.ts";
import type { Log } from "../log.ts";
import { compareCosts, type CostCheck } from "./compare-costs.ts";
import type { CostCheckMetrics } from "./cost-check-metrics.ts";
import { toUsd } from "./usd.ts";

export interface CostCheckOptions {
  readonly reports: readonly CostReport[];
  readonly ledger: Pick<Ledger, "sumDay">;
  readonly metrics: CostCheckMetrics;
  readonly clock: Clock;
  readonly log: Pick<Log, "info" | "warn">;
  /** True in one process only. */
  readonly isLeader: () => boolean;
}

export interface CostCheckJob {
  start(): void;
  /** Resolves when nothing is read any more. */
  stop(): Promise<void>;
  /** Resolves when nothing is being read. */
  settled(): Promise<void>;
  /** What this process has checked since its start, of late, oldest first. */
  checks(): readonly CostCheck[];
}

const LOOK_EVERY_MS = 60_000;
/** The pool's lease is taken within moments of the start. */
const FIRST_LOOK_MS = 5_000;
const RETRY_AFTER_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** How long after its end a day's bill is taken for whole. */
const SETTLES_WITHIN_MS = 6 * 3_600_000;
const CHECKS_KEPT = 62;

/**
 * Compares what vendors billed with the books, from 06:00 UTC on for the day before, once a day while this process leads;
 * a deviation is an alert. What cannot be read, or is not told yet, is asked for again after an hour.
 */
export function createCostCheckJob(options: CostCheckOptions): CostCheckJob {
  const { clock, metrics, isLeader } = options;
  const stopping = new AbortController();
  const checkers = options.reports.map((report) => createChecker(report, options, stopping.signal));
  let kept: readonly CostCheck[] = [];
  let working = Promise.resolve();
  let cancel = (): void => {};

  async function look(): Promise<void> {
    if (isLeader()) {
      const day = toDay(clock.nowMs() - SETTLES_WITHIN_MS - DAY_MS);
      for (const check of checkers) kept = [...kept, ...(await check(day))].slice(-CHECKS_KEPT);
    }
    metrics.show(isLeader() ? latestOf(kept) : null);
    if (!stopping.signal.aborted) lookAfter(LOOK_EVERY_MS);
  }

  function lookAfter(delayMs: number): void {
    cancel = clock.after(delayMs, () => void (working = look()));
  }

  return {
    start: () => lookAfter(FIRST_LOOK_MS),
    async stop() {
      stopping.abort();
      cancel();
      await working;
    },
    settled: () => working,
    checks: () => kept,
  };
}

/** Checks a day of one vendor's, once; gives nothing where it was done before or cannot be done now. */
function createChecker(
  report: CostReport,
  { ledger, clock, log }: CostCheckOptions,
  stop: AbortSignal,
): (day: string) => Promise<readonly CostCheck[]> {
  const { provider } = report;
  let checkedDay = "";
  let notBeforeMs = 0;
  let isFailing = false;

  async function check(day: string): Promise<readonly CostCheck[]> {
    const billedNanoUsd = await report.readDay(day, stop);
    if (billedNanoUsd === undefined) return [];
    const sums = await ledger.sumDay(day, ["provider"]);
    const booked = sums.find(({ key }) => key.provider === provider);
    return [compareCosts({ provider, day, billedNanoUsd, bookedNanoUsd: booked?.costNanoUsd ?? 0 })];
  }

  function tellFailure(error: unknown): void {
    if (stop.aborted || isFailing) return;
    isFailing = true;
    const text = "what a vendor billed cannot be compared with the books; it is tried again every hour";
    log.warn({ err: error, provider, reason: toReason(error) }, text);
  }

  return async (day) => {
    if (stop.aborted || day === checkedDay || clock.nowMs() < notBeforeMs) return [];
    notBeforeMs = clock.nowMs() + RETRY_AFTER_MS;
    try {
      const checks = await check(day);
      isFailing = false;
      if (checks.length > 0) [checkedDay, notBeforeMs] = [day, 0];
      for (const each of checks) tell(each, log);
      return checks;
    } catch (error) {
      tellFailure(error);
      return [];
    }
  };
}

/** The log keeps no messages of errors, so what went wrong is said in words of our own. */
function toReason(error: unknown): string {
  if (!(error instanceof ProviderError)) return "the books cannot be read";
  return error.status === undefined ? error.fault : `HTTP ${error.status}`;
}

function tell(
  { provider, day, billedNanoUsd, bookedNanoUsd, isAlert }: CostCheck,
  log: CostCheckOptions["log"],
): void {
  const fields = { provider, day, billedUsd: toUsd(billedNanoUsd), bookedUsd: toUsd(bookedNanoUsd) };
  if (!isAlert) {
    log.info(fields, "what a vendor billed agrees with the books");
    return;
  }
  log.warn(
    fields,
    billedNanoUsd > bookedNanoUsd
      ? "a vendor billed more than the books know: somebody else uses its account, or prices are out of date"
      : "a vendor billed less than the books know: prices are out of date, or it bills elsewhere",
  );
}

const latestOf = (checks: readonly CostCheck[]): CostCheck[] => [
  ...new Map(checks.map((check) => [check.provider, check])).values(),
];
