import type { Clock } from "#ai/clock.ts";
import type { Arm } from "#ai/experiments/read-experiments.ts";
import type { TaskUnit } from "#ai/experiments/running-experiments.ts";
import type { RunTask, Scope } from "#ai/task.ts";
import type { Experiments } from "./create-experiments.ts";

const NANO_PER_USD = 1e9;

/** How the books name what is part of several experiments. */
export const toArmName = (arms: readonly Pick<Arm, "key">[]): string => arms.map(({ key }) => key).join(" ");

/**
 * Runs tasks as the arms that they belong to ask for, and counts what they came to; the books name the arms. A task
 * belongs to the arms of who pays for it, unless `toUnit` says whose they are.
 */
export function withExperiments(
  runTask: RunTask,
  experiments: Pick<Experiments, "running" | "noteTask">,
  clock: Clock,
  toUnit: (scope: Scope) => TaskUnit = (scope) => scope,
): RunTask {
  return async (task, input, scope) => {
    const { running } = experiments;
    const unit = toUnit(scope);
    const arms = running.armsOfTask(task.name, unit);
    if (arms.length === 0) return await runTask(task, input, scope);
    const order = running.chain(unit);
    const startedAtMs = clock.nowMs();
    const arm = { name: toArmName(arms), ...(order && { order }) };
    const result = await runTask(task, input, { ...scope, arm });
    const { costUsd, refusals, source, attempts, repaired } = result;
    experiments.noteTask(task.name, unit, {
      costNanoUsd: Math.round(costUsd * NANO_PER_USD),
      latencyMs: clock.nowMs() - startedAtMs,
      refused: refusals > 0,
      source,
      attempts,
      repaired,
    });
    return result;
  };
}
