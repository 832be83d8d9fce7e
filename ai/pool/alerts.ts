import { BATCH_SIZE } from "./batch-hours.ts";
import type { PoolLog } from "./pool-log.ts";

export const POOL_ALERTS = [
  "pool-size-low",
  "generation-failing",
  "match-score-low",
  "expiry-outpaces-generation",
] as const;
export type PoolAlert = (typeof POOL_ALERTS)[number];

/** What the alerts are judged by; written, failed and expired are those of the last three hours. */
export interface AlertFigures {
  readonly activeConversations: number;
  readonly written: number;
  readonly failed: number;
  readonly expired: number;
  readonly matchScoreSum: number;
  readonly matchScoreCount: number;
  /** The pool is just being filled, so its size and the expiries of a long pause say nothing yet. */
  readonly settling: boolean;
}

const POOL_SIZE_MIN = 1000;
const FAILURE_SHARE_MAX = 0.05;
const MATCH_SCORE_MIN = 5;
/** Fewer than these tell nothing about a rate. */
const ATTEMPTS_MIN = 20;
const SCORES_MIN = 50;
/** Over three hours expiries may run ahead by a batch that is just due; by half a batch more they may not. */
const EXPIRY_LEAD_MAX = 1.5 * BATCH_SIZE;

/** The alerts that these figures justify. */
export function judgeAlerts(figures: AlertFigures): Set<PoolAlert> {
  const raised = new Set<PoolAlert>();
  const attempts = figures.written + figures.failed;
  if (!figures.settling && figures.activeConversations < POOL_SIZE_MIN) raised.add("pool-size-low");
  if (attempts >= ATTEMPTS_MIN && figures.failed > FAILURE_SHARE_MAX * attempts)
    raised.add("generation-failing");
  const { matchScoreSum, matchScoreCount } = figures;
  if (matchScoreCount >= SCORES_MIN && matchScoreSum < MATCH_SCORE_MIN * matchScoreCount) {
    raised.add("match-score-low");
  }
  if (!figures.settling && figures.expired - figures.written > EXPIRY_LEAD_MAX) {
    raised.add("expiry-outpaces-generation");
  }
  return raised;
}

/** An alert that is raised now, and since when (Unix ms). */
export interface RaisedAlert {
  readonly name: PoolAlert;
  readonly sinceMs: number;
}

export interface PoolAlerts {
  /** Judges anew; logs each alert once when it is raised and once when it is cleared. */
  update(figures: AlertFigures, nowMs: number): void;
  /** Drops all without a word, as another process watches now. */
  reset(): void;
  raised(): RaisedAlert[];
}

export type AlertListener = (name: PoolAlert, change: "raised" | "cleared", figures: AlertFigures) => void;

/** Keeps which alerts are raised; `onChange` is told of each change besides the log. */
export function createPoolAlerts(log: PoolLog, onChange?: AlertListener): PoolAlerts {
  const since = new Map<PoolAlert, number>();
  return {
    update(figures, nowMs) {
      const judged = judgeAlerts(figures);
      for (const name of POOL_ALERTS) {
        if (judged.has(name) === since.has(name)) continue;
        const change = judged.has(name) ? "raised" : "cleared";
        if (change === "raised") {
          since.set(name, nowMs);
          log.warn({ alert: name, ...figures }, `alert raised: ${name}`);
        } else {
          since.delete(name);
          log.info({ alert: name, ...figures }, `alert cleared: ${name}`);
        }
        onChange?.(name, change, figures);
      }
    },
    reset: () => since.clear(),
    raised: () => [...since].map(([name, sinceMs]) => ({ name, sinceMs })),
  };
}
