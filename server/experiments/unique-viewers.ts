import type { GenerationMethod } from "#schema/vocabulary.ts";
import type { Clock } from "#ai/clock.ts";
import type { UniqueConversationsDeps } from "#ai/pool/unique-conversations.ts";
import type { UniqueWriterDeps } from "#ai/pool/unique-writer.ts";
import type { RunTask } from "#ai/task.ts";
import type { Experiments } from "./create-experiments.ts";
import { withExperiments } from "./with-experiments.ts";

/** Who watches conversations of their own, and how those are written. */
export type UniqueViewers = Pick<UniqueConversationsDeps, "isUnique"> &
  Pick<UniqueWriterDeps, "runTaskFor" | "methodFor" | "onChecked" | "onWritten">;

export interface UniqueViewersOptions {
  readonly experiments: Experiments;
  /** Before experiments have a say in it. */
  readonly runTask: RunTask;
  /** How conversations are written where no experiment says otherwise. */
  readonly usual: GenerationMethod;
  /** Whether any model can be asked. */
  readonly hasModels: boolean;
  readonly clock: Clock;
}

/**
 * Undefined while no experiment compares unique conversations with shared ones. The tasks count to the arms of the
 * viewer, and yet are no tasks of theirs in the books: the server pays.
 */
export function createUniqueViewers(options: UniqueViewersOptions): UniqueViewers | undefined {
  const { experiments, runTask, usual, hasModels, clock } = options;
  if (!experiments.list().some(({ isOn, kind }) => isOn && kind === "pool")) return undefined;
  return {
    isUnique: (userId) => experiments.running.isUnique(userId),
    runTaskFor: (userId) => withExperiments(runTask, experiments, clock, () => ({ userId })),
    methodFor: (userId) => (hasModels ? (experiments.running.method({ userId }) ?? usual) : "template"),
    onChecked: (userId, passed) => experiments.noteQuality({ userId }, passed),
    onWritten: (userId) => experiments.noteConversation({ userId }),
  };
}
