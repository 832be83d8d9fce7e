import type { Clock } from "#ai/clock.ts";
import type { RunTask } from "#ai/task.ts";
import type { Experiments } from "./create-experiments.ts";

const NANO_PER_USD = 1e9;

/** Runs tasks as the arms that they belong to ask for, and counts what they came to; the books name the arms. */
export function withExperiments(
  runTask: RunTask,
  experiments: Pick<Experiments, "running" | "noteTask">,
  clock: Clock,
): RunTask {
  return async (task, input, scope) => {
    const { running } = experiments;
    const arms = running.armsOfTask(task.name, scope);
    if (arms.length === 0) return await runTask(task, input, scope);
    const order = running.chain(scope);
    const startedAtMs = clock.nowMs();
    const arm = { name: arms.map(({ key }) => key).join(" "), ...(order && { order }) };
    const result = await runTask(task, input, { ...scope, arm });
    const { costUsd, refusals, source, attempts, repaired } = result;
    experiments.noteTask(task.name, scope, {
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
