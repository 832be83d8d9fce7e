import type { Clock } from "../clock.ts";
import type { LanguageModel, ModelEvent, Signed } from "../model.ts";
import { ProviderError } from "../providers/provider-error.ts";
import type { Rng } from "../rng.ts";
import { wait } from "./wait.ts";

export interface RetryLimits {
  /** Calls in all, the first included. */
  readonly attempts: number;
  /** The longest wait before the second call; it doubles with every further one. */
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
  /** A vendor that asks for more than this is not waited for. */
  readonly longestRetryAfterMs: number;
}

export const USUAL_RETRY: RetryLimits = {
  attempts: 3,
  firstWaitMs: 500,
  longestWaitMs: 8_000,
  longestRetryAfterMs: 10_000,
};

interface RetryDeps {
  readonly clock: Clock;
  readonly rng: Rng;
  readonly limits?: RetryLimits;
  /** Told of every call that failed, the last one included. */
  readonly onFailure?: (error: ProviderError, attempt: number) => void;
}

/**
 * The one place that calls a vendor again: after what may pass, waiting at random up to a bound that doubles ("full
 * jitter", Brooker 2015), or as long as the vendor asks. Never once a stream has begun, and never after an abort.
 */
export function withRetry<Request extends Signed>(
  model: LanguageModel<Request>,
  deps: RetryDeps,
): LanguageModel<Request> {
  const { limits = USUAL_RETRY, clock, onFailure } = deps;

  /** Returns when the call may be made again. @throws the error when it may not */
  const afterFailure = async (thrown: unknown, attempt: number, request: Signed): Promise<void> => {
    if (!(thrown instanceof ProviderError)) throw thrown;
    onFailure?.(thrown, attempt);
    const waitMs = waitFor(thrown, attempt, limits, deps.rng);
    if (waitMs === undefined || clock.nowMs() + waitMs >= (request.untilMs ?? Infinity)) throw thrown;
    await wait(waitMs, clock, request.signal);
    if (request.signal.aborted) throw new ProviderError(model.provider, "aborted");
  };

  return {
    ...model,
    async generate(request) {
      for (let attempt = 1; ; attempt++) {
        try {
          return await model.generate(request);
        } catch (error) {
          await afterFailure(error, attempt, request);
        }
      }
    },
    async *stream(request): AsyncGenerator<ModelEvent> {
      for (let attempt = 1; ; attempt++) {
        let hasBegun = false;
        try {
          for await (const event of model.stream(request)) {
            hasBegun ||= event.type !== "progress";
            yield event;
          }
          return;
        } catch (error) {
          if (hasBegun) throw error;
          await afterFailure(error, attempt, request);
        }
      }
    },
  };
}

/** How long to wait before the next call, or undefined when there is to be none. */
function waitFor(error: ProviderError, attempt: number, limits: RetryLimits, rng: Rng): number | undefined {
  // Waiting once for what does not come is long enough: another model is asked instead.
  if (!error.retryable || error.fault === "timeout" || attempt >= limits.attempts) return undefined;
  const asked = error.retryAfterMs ?? 0;
  if (asked > limits.longestRetryAfterMs) return undefined;
  const bound = Math.min(limits.longestWaitMs, limits.firstWaitMs * 2 ** (attempt - 1));
  return Math.max(asked, Math.round(rng() * bound));
}
