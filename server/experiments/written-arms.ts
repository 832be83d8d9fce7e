import type { Arm, Experiment } from "#ai/experiments/read-experiments.ts";
import type { RunningExperiments } from "#ai/experiments/running-experiments.ts";
import type { WrittenArms } from "#ai/pool/active-pool.ts";

/** The arms by which conversations of the pool differ; undefined while no experiment tries ways of writing. */
export function createWrittenArms(
  experiments: readonly Experiment[],
  running: RunningExperiments,
): WrittenArms | undefined {
  if (!experiments.some(({ isOn, kind }) => isOn && kind !== "pool")) return undefined;
  return {
    ofConversation: (conversationId) => toKeys(running.armsOfConversation({ conversationId })),
    ofUser: (userId) => toKeys(running.armsOfUser(userId)),
  };
}

/** Whether a conversation is shared or unique is nothing that a shared one shows. */
const toKeys = (arms: readonly Arm[]): string[] =>
  arms.filter(({ sets }) => sets.pool === undefined).map(({ key }) => key);
