import type { Clock } from "../clock.ts";
import type { LanguageModel, ModelEvent, ModelRequest } from "../model.ts";
import { ProviderError } from "../providers/provider-error.ts";
import { followSignal } from "./follow-signal.ts";

export interface TimeLimits {
  /** For a whole answer that is not streamed. */
  readonly wholeMs: number;
  /** Until a stream's first event, and between any two. */
  readonly firstMs: number;
  readonly idleMs: number;
}

export const USUAL_TIME_LIMITS: TimeLimits = { wholeMs: 60_000, firstMs: 15_000, idleMs: 10_000 };

/**
 * Ends a call that nothing comes from any more, with the fault `timeout`: the SDKs' own limits do not see a stream that
 * stalls. What hangs is aborted, so that its connection is released.
 */
export function withTimeLimits(
  model: LanguageModel,
  { clock, limits = USUAL_TIME_LIMITS }: { readonly clock: Clock; readonly limits?: TimeLimits },
): LanguageModel {
  const start = (request: ModelRequest) => {
    const own = followSignal(request.signal);
    let cancel: (() => void) | undefined;
    return {
      request: { ...request, signal: own.signal },
      /** From now on, something must come within `limitMs`. */
      expect(limitMs: number) {
        cancel?.();
        cancel = clock.after(limitMs, () => own.abort());
      },
      /** Until something is expected again. */
      rest: () => cancel?.(),
      stop() {
        cancel?.();
        own.unfollow();
      },
      /** What a failure means: an abort of ours is a timeout. */
      translate: (error: unknown) =>
        own.signal.aborted && !request.signal.aborted ? new ProviderError(model.provider, "timeout") : error,
    };
  };

  return {
    ...model,
    async generate(request) {
      const watch = start(request);
      watch.expect(limits.wholeMs);
      try {
        return await model.generate(watch.request);
      } catch (error) {
        throw watch.translate(error);
      } finally {
        watch.stop();
      }
    },
    async *stream(request): AsyncGenerator<ModelEvent> {
      const watch = start(request);
      watch.expect(limits.firstMs);
      try {
        for await (const event of model.stream(watch.request)) {
          // Whoever reads slowly is not the vendor's fault.
          watch.rest();
          yield event;
          watch.expect(limits.idleMs);
        }
      } catch (error) {
        throw watch.translate(error);
      } finally {
        watch.stop();
      }
    },
  };
}
