import type { GenerationMethod } from "#schema/vocabulary.ts";
import type { RunningExperiments } from "#ai/experiments/running-experiments.ts";
import { toArmName } from "../experiments/with-experiments.ts";
import type { Approach } from "#ai/pool/order.ts";

export interface ApproachOptions {
  /** Providers that can be asked. */
  readonly available: ReadonlySet<string>;
  /** How conversations are written where no experiment says otherwise. */
  readonly usual: GenerationMethod;
  readonly experiments: {
    readonly running: Pick<RunningExperiments, "method" | "chain" | "armsOfConversation">;
  };
}

/** How each conversation of the pool is to be written; undefined where no model can be asked. */
export function chooseApproach({
  available,
  usual,
  experiments,
}: ApproachOptions): ((conversationId: string) => Approach) | undefined {
  if (available.size === 0) return undefined;
  const { running } = experiments;
  return (conversationId) => {
    const unit = { conversationId };
    const arms = running.armsOfConversation(unit);
    const order = running.chain(unit);
    return {
      method: running.method(unit) ?? usual,
      ...(arms.length > 0 && { arm: { name: toArmName(arms), ...(order && { order }) } }),
    };
  };
}
