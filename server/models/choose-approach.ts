import type { GenerationMethod } from "#schema/vocabulary.ts";
import type { RunningExperiments } from "#ai/experiments/running-experiments.ts";
import type { Approach } from "#ai/pool/order.ts";

export interface ApproachOptions {
  /** Providers that can be asked. */
  readonly available: ReadonlySet<string>;
  /** How conversations are written where no experiment says otherwise. */
  readonly usual: GenerationMethod;
  readonly experiments: { readonly running: Pick<RunningExperiments, "method"> };
}

/** How each conversation of the pool is to be written; undefined where no model can be asked. */
export function chooseApproach({
  available,
  usual,
  experiments,
}: ApproachOptions): ((conversationId: string) => Approach) | undefined {
  if (available.size === 0) return undefined;
  return (conversationId) => ({ method: experiments.running.method({ conversationId }) ?? usual });
}
