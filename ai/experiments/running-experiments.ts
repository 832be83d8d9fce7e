import type { ExperimentKind } from "#schema/experiments.ts";
import type { GenerationMethod } from "#schema/vocabulary.ts";
import { assignArm, assignPoolCost } from "./assign-arm.ts";
import type { Chain } from "./experiment-schema.ts";
import type { Arm, Experiment } from "./read-experiments.ts";

/** Whom a task is done for: a user, or else a conversation of the pool. */
export interface TaskUnit {
  readonly userId?: string | undefined;
  readonly conversationId?: string | undefined;
}

/** What the experiments that are on ask of the rest. */
export interface RunningExperiments {
  /** The order in which models are to be asked; undefined for the usual one. */
  chain(unit: TaskUnit): Chain | undefined;
  /** How a conversation is to be written; undefined for the usual way. */
  method(unit: TaskUnit): GenerationMethod | undefined;
  /** Whether the user watches conversations written for them alone. */
  isUnique(userId: string): boolean;
  /** Tells which conversations of the pool are of the user's arms, to be offered first; undefined where all are. */
  preference(userId: string): ((conversationId: string) => boolean) | undefined;
  /** The arms to which a task counts. */
  armsOfTask(task: string, unit: TaskUnit): Arm[];
  /** The arms to which a conversation to be watched counts. */
  armsOfConversation(unit: TaskUnit): Arm[];
  /** The arms to which a user's views count, whatever they watch. */
  armsOfUser(userId: string): Arm[];
}

/** The tasks that write conversations to be watched; experiments on pool and method are about no others. */
const WATCHED_TASKS: ReadonlySet<string> = new Set(["pool-dialogue", "pool-wording"]);

export function createRunningExperiments(experiments: readonly Experiment[]): RunningExperiments {
  const running = experiments.filter(({ isOn }) => isOn);
  const find = (kind: ExperimentKind): Experiment | undefined =>
    running.find((experiment) => experiment.kind === kind);
  const [pool, method, chain] = [find("pool"), find("method"), find("chain")];
  /** What a conversation of the pool shows of an arm is how it was written. */
  const written = running.filter(({ kind }) => kind !== "pool");

  return {
    chain: (unit) => armOf(chain, unit)?.sets.chain,
    method: (unit) => armOf(method, unit)?.sets.method,
    isUnique: (userId) => pool !== undefined && assignArm(pool, userId)?.sets.pool === "unique",
    preference(userId) {
      const arms = written.flatMap((experiment) => {
        const arm = assignArm(experiment, userId);
        return arm ? [{ experiment, arm }] : [];
      });
      if (arms.length === 0) return undefined;
      return (conversationId) =>
        arms.every(({ experiment, arm }) => assignArm(experiment, conversationId) === arm);
    },
    armsOfTask(task, { userId, conversationId }) {
      const isWatched = WATCHED_TASKS.has(task);
      const about = isWatched ? running : running.filter(({ kind }) => kind === "chain");
      return about.flatMap((experiment) => armOfPart(experiment, { userId, conversationId }) ?? []);
    },
    armsOfConversation: (unit) => running.flatMap((experiment) => armOfPart(experiment, unit) ?? []),
    armsOfUser: (userId) => running.flatMap((experiment) => assignArm(experiment, userId) ?? []),
  };
}

/** Like `armOf`; but what a shared conversation costs is only charged as far as the shared arm watches it. */
function armOfPart(experiment: Experiment, { userId, conversationId }: TaskUnit): Arm | undefined {
  const isShared = userId === undefined && conversationId !== undefined;
  if (experiment.kind === "pool" && isShared) return assignPoolCost(experiment, conversationId);
  return armOf(experiment, { userId, conversationId });
}

function armOf(experiment: Experiment | undefined, { userId, conversationId }: TaskUnit): Arm | undefined {
  const unitId = userId ?? conversationId;
  return experiment && unitId !== undefined ? assignArm(experiment, unitId) : undefined;
}
